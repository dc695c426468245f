import { providerFields, providers } from '../../model-info/provider-fields'
import type { Call, Context, Reply } from '../call'

/** GET /public/providers */
export function listProviders(): Reply {
  return { status: 200, body: [...providers] }
}

/** GET /model/settings: what a form that adds a model asks for, by provider. */
export function modelSettings(): Reply {
  const settings = providers.map((name) => ({
    name,
    fields: providerFields(name).map((field) => ({ ...field })),
  }))
  return { status: 200, body: settings }
}

/** GET /utils/supported_openai_params */
export async function supportedOpenaiParams({ registry }: Context, { scope, query }: Call): Promise<Reply> {
  const { model } = query as { readonly model: string }
  return { status: 200, body: { supported_openai_params: await registry.reads.openaiParams(scope, model) } }
}
