"""CloudFormation's and IAM's limits of a template, which nothing checks before a deployment."""

import json
from collections import defaultdict

RESOURCES = 500
TEMPLATE_BYTES = 1_000_000
INLINE_CHARACTERS = 10_240
"""Of all of a role's inline policies together, without white space."""
MANAGED_CHARACTERS = 6_144
MANAGED_POLICIES = 10
"""A role takes, unless AWS was asked for more."""

_PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "eu-central-1", "AWS::AccountId": "123456789012"}
_SOME_NAME = "stack-Resource1234567-ABCDEFGHIJKL"


def faults(template):
    resources = template["Resources"]
    found = []
    if len(resources) > RESOURCES:
        found.append(f"{len(resources)} resources")
    if len(json.dumps(template, separators=(",", ":"))) > TEMPLATE_BYTES:
        found.append("template too large")
    inline, managed = _policies(resources)
    found += [f"{size} characters of inline policy" for size in inline.values() if size > INLINE_CHARACTERS]
    for sizes in managed.values():
        found += [f"{size} characters of managed policy" for size in sizes if size > MANAGED_CHARACTERS]
        if len(sizes) > MANAGED_POLICIES:
            found.append(f"{len(sizes)} managed policies on a role")
    return found


def _policies(resources):
    inline, managed = defaultdict(int), defaultdict(list)
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::IAM::Role":
                inline[name] += sum(
                    _size(policy["PolicyDocument"], resources) for policy in properties.get("Policies", ())
                )
                # Managed policies that the role names itself, AWSLambdaBasicExecutionRole say.
                managed[name] += [0 for arn in properties.get("ManagedPolicyArns", ()) if not _ours(arn, resources)]
                for arn in properties.get("ManagedPolicyArns", ()):
                    if _ours(arn, resources):
                        document = resources[arn["Ref"]]["Properties"]["PolicyDocument"]
                        managed[name].append(_size(document, resources))
            case "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" as kind:
                size = _size(properties["PolicyDocument"], resources)
                for role in properties.get("Roles", ()):
                    if kind == "AWS::IAM::Policy":
                        inline[role["Ref"]] += size
                    else:
                        managed[role["Ref"]].append(size)
    return inline, managed


def _ours(arn, resources):
    return isinstance(arn, dict) and arn.get("Ref") in resources


def _size(document, resources):
    return len(json.dumps(_deployed(document, resources), separators=(",", ":")))


def _deployed(value, resources):
    """Return the value as IAM gets it, close enough to count its characters."""
    match value:
        case {"Ref": name}:
            return _PSEUDO.get(name, resources.get(name, {}).get("Properties", {}).get("Name", _SOME_NAME))
        case {"Fn::Join": [separator, parts]}:
            return separator.join(str(_deployed(part, resources)) for part in parts)
        case {"Fn::Sub": str(text)}:
            for name, known in _PSEUDO.items():
                text = text.replace("${" + name + "}", known)
            return text
        case {"Fn::GetAtt": [name, "Arn"]}:
            return _arn(name, resources[name])
        case dict():
            return {name: _deployed(member, resources) for name, member in value.items()}
        case list():
            return [_deployed(member, resources) for member in value]
        case _:
            return value


def _arn(name, resource):
    if resource["Type"] == "AWS::KinesisVideo::Stream":
        stream = resource["Properties"]["Name"]
        return f"arn:aws:kinesisvideo:eu-central-1:123456789012:stream/{stream}/1600000000000"
    return f"arn:aws:service:eu-central-1:123456789012:resource:{_SOME_NAME}"
