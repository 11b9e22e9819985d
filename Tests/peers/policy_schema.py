# SPDX-License-Identifier: Apache-2.0
"""Validates YAML texts as an editor does: with a JSON Schema and the types of YAML 1.2.

Reads {"schema": <file in docs/>, "texts": [...]} on standard input; writes, for each text, null or the first complaint.
"""
import json
import os
import re
import sys

import jsonschema
import yaml

DOCS = os.path.join(os.path.dirname(__file__), "..", "..", "docs")


class CoreLoader(yaml.BaseLoader):
    """Booleans, null, integers and floats as in the core schema of YAML 1.2; dates stay text."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", "true|false", "tf"), ("null", "~|null|", ["~", "n", ""]), ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+0123456789."),
]:
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
CoreLoader.add_constructor("tag:yaml.org,2002:bool", lambda loader, node: node.value == "true")
CoreLoader.add_constructor("tag:yaml.org,2002:null", lambda loader, node: None)
CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
CoreLoader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def complaint(validator, text):
    try:
        value = yaml.load(text, Loader=CoreLoader)
    except yaml.YAMLError as error:
        return f"YAML: {error}"
    errors = sorted(validator.iter_errors(value), key=lambda error: error.json_path)
    return f"{errors[0].json_path}: {errors[0].message}" if errors else None


def main():
    request = json.load(sys.stdin)
    with open(os.path.join(DOCS, request["schema"])) as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    json.dump([complaint(validator, text) for text in request["texts"]], sys.stdout)


if __name__ == "__main__":
    main()
