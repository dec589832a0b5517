"""Stands for the AWS CLI in a script: answers `SERVICE OPERATION` with what ANSWERS has for it, and adds its words to the file CALLS.

Prints what --query selects as the CLI prints it with --output text: words of a list side by side, None for nothing.
"""

import json
import os
import sys

import jmespath

words = sys.argv[1:]
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(words) + "\n")
answers = json.loads(os.environ["ANSWERS"])
if " ".join(words[:2]) not in answers:
    sys.exit(254)
answer = answers[" ".join(words[:2])]
if "--query" in words:
    answer = jmespath.search(words[words.index("--query") + 1], answer)
print("\t".join(map(str, answer)) if isinstance(answer, list) else answer)
