"""`kvs-edge cron`: the meaning and the fire times of a Quartz expression."""
