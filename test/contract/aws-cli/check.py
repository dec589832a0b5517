"""Checks commands of the AWS CLI against botocore's models of the services, from which the CLI makes its options.

Reads a JSON list of {"words": [SERVICE, OPERATION, OPTION, VALUE, ...], "isComplete": BOOL} from stdin. Writes a JSON list
of the same length: null, or what is wrong.
"""

import json
import sys

import botocore.session
import jmespath
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

session = botocore.session.get_session()

# What the CLI does without a service.
OWN = {("configure", "list-profiles"), ("configure", "sso"), ("login", ""), ("sso", "login")}
GLOBAL = {"endpoint-url", "output", "profile", "query", "region"}
SERVICES = {"s3api": "s3"}
# Where the CLI's name is not the model's. Source: awscli/customizations/argrename.py
RENAMED = {("sns", "subscribe", "endpoint"): "notification-endpoint"}


class Wrong(Exception):
    pass


def option_names(service, operation, shape):
    """The options of an operation: name to member and the model of its value."""
    members = shape.members if shape is not None else {}
    names = {xform_name(member, "-"): member for member in members}
    return {RENAMED.get((service, operation, name), name): (member, members[member]) for name, member in names.items()}


def split(words):
    """Positional words, and options with their values."""
    positional, options = [], {}
    values = positional
    for word in words:
        if not word.startswith("--"):
            values.append(word)
            continue
        name, has_value, value = word[2:].partition("=")
        if name in options:
            raise Wrong(f"--{name} is given twice")
        values = options[name] = [value] if has_value else []
    return positional, options


def check_value(name, shape, values):
    if shape.type_name == "boolean":
        if values:
            raise Wrong(f"--{name} takes no value, and is given {values}")
        return
    if not values or (shape.type_name != "list" and len(values) > 1):
        raise Wrong(f"--{name} takes {'a list' if shape.type_name == 'list' else 'one value'}, and is given {values}")
    for value in values:
        check_one(name, shape.member if shape.type_name == "list" else shape, value)


def check_one(name, shape, value):
    enum = getattr(shape, "enum", [])
    if enum and value not in enum:
        raise Wrong(f"--{name} takes one of {enum}, and is given {value}")
    if value[:1] in ("{", "["):
        json.loads(value)
    elif shape.type_name == "structure":
        keys = [part.partition("=")[0] for part in value.split(",")]
        unknown = [key for key in keys if key not in shape.members]
        missing = [key for key in shape.required_members if key not in keys]
        if unknown or missing:
            raise Wrong(f"--{name} {value}: unknown {unknown}, missing {missing}")


def check_options(known, required, options, is_complete):
    given = set()
    for name, values in options.items():
        member, shape = known.get(name, (None, None))
        if member is None and name.startswith("no-"):
            member, shape = known.get(name[3:], (None, None))
            if shape is not None and shape.type_name != "boolean":
                raise Wrong(f"--{name} does not exist")
        if member is not None:
            check_value(name, shape, values)
            given.add(member)
        elif name not in GLOBAL:
            raise Wrong(f"--{name} does not exist; there are {sorted(known)}")
        elif len(values) != 1:
            raise Wrong(f"--{name} takes one value, and is given {values}")
        elif name == "query":
            jmespath.compile(values[0])
    missing = [name for name, (member, _) in known.items() if member in required and member not in given]
    if is_complete and missing:
        raise Wrong(f"lacks {', '.join(f'--{name}' for name in missing)}")


def check(words, is_complete):
    service, operation, *rest = words
    if (service, operation) in OWN or (service, "") in OWN:
        return
    name = SERVICES.get(service, service)
    try:
        model = session.get_service_model(name)
    except UnknownServiceError:
        raise Wrong(f"there is no service {service}") from None
    operations = {xform_name(one, "-"): one for one in model.operation_names}
    if operation == "wait":
        waiters = session.get_waiter_model(name)
        found = {xform_name(one, "-"): waiters.get_waiter(one).operation for one in waiters.waiter_names}
        if not rest or rest[0] not in found:
            raise Wrong(f"{service} waits for {sorted(found)}")
        operation, *rest = [xform_name(found[rest[0]], "-"), *rest[1:]]
    if operation not in operations:
        raise Wrong(f"{service} has no operation {operation}")
    described = model.operation_model(operations[operation])
    positional, options = split(rest)
    # A stream goes into a file, which stands after the options; what stands behind a value is taken for one of its list.
    if described.has_streaming_output and is_complete:
        last = list(options.values())[-1] if options else positional
        if not last:
            raise Wrong("names no file for what it returns")
        positional.append(last.pop())
    if len(positional) != (1 if described.has_streaming_output and is_complete else 0):
        raise Wrong(f"has words that belong to no option: {positional}")
    shape = described.input_shape
    required = shape.required_members if shape is not None else []
    check_options(option_names(service, operation, shape), required, options, is_complete)


def problem_of(command):
    try:
        check(command["words"], command["isComplete"])
    except (Wrong, ValueError) as wrong:
        return str(wrong)
    return None


json.dump([problem_of(command) for command in json.load(sys.stdin)], sys.stdout)
