"""What files declare held against what AWS has: values, and the reports that `plan` and `drift` make of them."""
