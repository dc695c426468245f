"""Prints lib/config/litellm-keys.json: the keys that LiteLLM reads from a config file, by section.

    python3 spec/tools/config-keys.py <folder of the unpacked wheel> > lib/config/litellm-keys.json

The wheel is the one that generate-cost-map.mjs pins. Reads the source without running it: nothing but Python 3.10 is needed.
"""

import ast
import json
import re
import sys
from pathlib import Path

root = Path(sys.argv[1]) / "litellm"
texts = {path: path.read_text() for path in sorted(root.rglob("*.py"))}
FILES = "__init__.py constants.py main.py router.py types/litellm_params.py types/router.py types/utils.py proxy/_types.py".split()
trees = {name: ast.parse(texts[root / name]) for name in FILES}
NAME = re.compile(r"[a-z][a-z0-9_]*$")


def fields(file: str, *classes: str) -> set[str]:
    found = [node for node in ast.walk(trees[file]) if isinstance(node, ast.ClassDef) and (node.name in classes or not classes)]
    return {item.target.id for node in found for item in node.body if isinstance(item, ast.AnnAssign)}


def arguments(file: str, *names: str) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(trees[file]) if isinstance(node, kinds) and node.name in names]
    return {arg.arg for node in found for arg in [*node.args.args, *node.args.kwonlyargs]}


def module_names() -> set[str]:
    targets = [getattr(node, "targets", [getattr(node, "target", None)]) for node in trees["__init__.py"].body]
    return {target.id for group in targets for target in group if isinstance(target, ast.Name)}


def read_from(variables: str, folder: str = "") -> set[str]:
    """Keys in `x.get("key"`, `x.pop("key"`, `x["key"]` and `"key" in x`."""
    x = rf"\b(?:{variables})"
    patterns = [rf'{x}\.(?:get|pop)\(\s*"(\w+)"', rf'{x}\["(\w+)"\]', rf'"(\w+)" (?:not )?in {x}\b']
    some = [text for path, text in texts.items() if str(path).startswith(str(root / folder))]
    return {key for pattern in patterns for text in some for key in re.findall(pattern, text)}


def strings_in(file: str, name: str) -> set[str]:
    found = [node for node in ast.walk(trees[file]) if isinstance(node, (ast.Assign, ast.AnnAssign)) and name in ast.unparse(node).split("=")[0]]
    return {item.value for node in found for item in ast.walk(node) if isinstance(item, ast.Constant) and isinstance(item.value, str)}


def provider_settings() -> set[str]:
    """Attributes of the providers' own configurations: each is a parameter of a call."""
    found = set()
    for path, text in texts.items():
        if "/llms/" in str(path) and "def get_config" in text:
            found |= set(re.findall(r"^    (\w+)\s*:\s*[^=\n]+= None", text, re.M))
    return found


proxy_server = texts[root / "proxy/proxy_server.py"]
loaded = proxy_server[proxy_server.index("async def load_config(self, router"):]
PARAMS = "kwargs|litellm_params|_litellm_params|optional_params|litellm_params_dict|non_default_params|params|passed_params|extra_body"
calls = arguments("main.py", "completion", "embedding", "transcription", "image_generation", "speech", "text_completion", "moderation")

keys = {
    "sections": fields("proxy/_types.py", "ConfigYAML") | set(re.findall(r'(?<![\w.])config\.get\(\s*"(\w+)"', proxy_server)) | {"include"},
    "general_settings": fields("proxy/_types.py", "ConfigGeneralSettings") | read_from("general_settings", "proxy"),
    "router_settings": arguments("router.py", "_router_init") | fields("types/router.py", "UpdateRouterConfig") | read_from("router_settings", "proxy"),
    "litellm_settings": module_names() | set(re.findall(r'(?:if|elif) key == "(\w+)"', loaded)) | read_from("litellm_settings", "proxy"),
    "litellm_params": fields("types/router.py", "CredentialLiteLLMParams", "GenericLiteLLMParams", "LiteLLM_Params")
    | fields("types/utils.py", "CustomPricingLiteLLMParams", "MirroredPricingParams")
    | fields("types/utils.py", "StandardCallbackDynamicParams")
    | fields("types/litellm_params.py")
    | strings_in("constants.py", "OPENAI_CHAT_COMPLETION_PARAMS")
    | strings_in("constants.py", "DEFAULT_CHAT_COMPLETION_PARAM_VALUES")
    | calls,
    "model_info": fields("types/router.py", "ModelInfo"),
    "more_params": read_from(PARAMS) | provider_settings(),
    "more_info": read_from("model_info|_model_info|litellm_model_info"),
}
internal = {"self", "model_list", "force_reload", "interval_hours", "agents", "default_vertex_config"}
result = {}
for section, names in keys.items():
    own = {name for name in names if NAME.match(name)}
    own -= internal - ({"model_list"} if section == "sections" else set())
    if section == "more_params":
        own -= set(result["litellm_params"])
    if section == "more_info":
        own -= set(result["model_info"])
    result[section] = sorted(own)
print(json.dumps({section: " ".join(names) for section, names in result.items()}, indent=2))
