"""Prints, as one JSON document, what the bundled cost map takes from the installed `litellm` package.

Run by generate-cost-map.mjs inside a virtual environment of its own; `LITELLM_LOCAL_MODEL_COST_MAP=true` keeps it off the network.
"""

import json
import logging
import sys
from importlib.metadata import version

import litellm
from litellm.types.utils import LlmProviders
from litellm.utils import mapped_model_fill_missing

logging.disable(logging.CRITICAL)
litellm.suppress_debug_info = True

# Texts and links for people; every figure and every capability stays.
PROSE = {"source", "comment", "comments", "deprecation_source", "metadata", "notes"}
NOT_MODELS = {"sample_spec", "fallback_generalizations"}
REQUEST_TYPES = {"embedding": "embeddings", "audio_transcription": "transcription"}
CHAT_MODES = {None, "chat", "completion", "responses", "realtime"}
# A name that no map has, so that the answer is the provider's default.
UNKNOWN_MODEL = "some-model"


def openai_params(model: str, provider: str | None, mode: str | None) -> str | None:
    """The OpenAI parameters of a call as one text; None where LiteLLM knows none, or answers a call that is no chat with those of a chat."""
    try:
        params = litellm.get_supported_openai_params(
            model=model,
            custom_llm_provider=provider,
            request_type=REQUEST_TYPES.get(mode or "", "chat_completion"),
        )
    except Exception:
        return None
    if params is None or (mode not in CHAT_MODES and "max_tokens" in params):
        return None
    return " ".join(dict.fromkeys(params))


def entry_of(key: str, entry: dict) -> dict:
    kept = {name: value for name, value in entry.items() if name not in PROSE}
    filled = mapped_model_fill_missing(key, entry) or {}
    return {**kept, **{name: value for name, value in filled.items() if name not in kept}}


def prefixed(key: str, provider: str | None) -> str:
    """The key as a config file names the model."""
    family = next((one for one in ("vertex_ai", "fireworks_ai", "bedrock") if (provider or "").startswith(one)), provider)
    return key if family is None or key.startswith(f"{family}/") else f"{family}/{key}"


def rules(raw: dict) -> list:
    found = raw.get("fallback_generalizations", {}).get("rules", [])
    return [{"pattern": rule["pattern"], "model_info": rule["model_info"]} for rule in found]


raw = json.load(open(sys.argv[1], encoding="utf-8"))
entries = {key: entry_of(key, entry) for key, entry in raw.items() if key not in NOT_MODELS}
of_entries = {entry["litellm_provider"] for entry in entries.values() if isinstance(entry.get("litellm_provider"), str)}
of_code = {provider.value for provider in LlmProviders} | {str(getattr(one, "value", one)) for one in litellm.provider_list}
providers = sorted(of_code | {name for name in of_entries if not name.startswith("vertex_ai-")})
lists: dict[str, int] = {}


def index_of(params: str | None) -> int | None:
    return None if params is None else lists.setdefault(params, len(lists))


defaults = {}
for provider in providers:
    of_modes = {mode or "chat": index_of(openai_params(UNKNOWN_MODEL, provider, mode)) for mode in (None, *REQUEST_TYPES)}
    defaults[provider] = {mode: at for mode, at in of_modes.items() if at is not None}

models = {}
for key, entry in entries.items():
    provider, mode = entry.get("litellm_provider"), entry.get("mode")
    at = index_of(openai_params(key, None, mode) or openai_params(prefixed(key, provider), None, mode))
    if at is not None and at != defaults.get(provider or "", {}).get("chat" if mode in CHAT_MODES else mode):
        models[key] = at

declared = [name for name in litellm.get_model_info("gpt-4") if name not in ("key", "supported_openai_params")]
print(
    json.dumps(
        {
            "version": version("litellm"),
            "fields": declared,
            "providers": providers,
            "map": {
                "entries": {**entries, "fallback_generalizations": {"rules": rules(raw)}},
                "openai_params": {"lists": list(lists), "providers": defaults, "models": models},
            },
        },
        separators=(",", ":"),
    )
)
