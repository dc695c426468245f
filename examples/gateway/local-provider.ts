import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import express from 'express'
import type { Response, Router } from 'express'
import { OpenAiError } from './openai-error'

/** A provider for trying things out, with no network and no key: it echoes in the shapes of OpenAI's API. */
export function localProvider(): Router {
  const router = express.Router()
  router.use(express.json({ limit: '10mb' }))

  router.post('/chat/completions', ({ body }, response) => {
    const { model, messages, stream } = Object(body) as ChatRequest
    if (!Array.isArray(messages) || messages.length === 0)
      throw new OpenAiError(400, "'messages' has to be a list with at least one message.", {
        param: 'messages',
      })
    const texts = messages.map(textOf)
    const text = `You said: ${texts.at(-1)}`
    const common = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model }
    if (stream === true) return void sendStream(text, common, response).catch(() => response.destroy())
    const message = { role: 'assistant', content: text, refusal: null }
    response.json({
      ...common,
      object: 'chat.completion',
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      usage: usageOf(texts.join(' '), text),
    })
  })

  router.post('/embeddings', ({ body }, response) => {
    const { model, input, encoding_format: format } = Object(body) as EmbeddingsRequest
    if ((typeof input !== 'string' && !Array.isArray(input)) || input.length === 0)
      throw new OpenAiError(400, "'input' has to be a text or a list of texts.", { param: 'input' })
    const texts = typeof input === 'string' ? [input] : input
    const data = texts.map((text, index) => {
      const vector = vectorOf(String(text))
      const embedding = format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]
      return { object: 'embedding', index, embedding }
    })
    const { completion_tokens: _, ...usage } = usageOf(texts.join(' '), '')
    response.json({ object: 'list', data, model, usage })
  })

  return router
}

interface ChatRequest {
  readonly model?: string
  readonly messages?: unknown
  readonly stream?: boolean
}

interface EmbeddingsRequest {
  readonly model?: string
  readonly input?: unknown
  readonly encoding_format?: string
}

/** A word at a time, at about the pace of a model. */
async function sendStream(text: string, common: object, response: Response): Promise<void> {
  const send = (delta: object, reason: string | null = null): void => {
    const choices = [{ index: 0, delta, finish_reason: reason }]
    response.write(`data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', choices })}\n\n`)
  }
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
  send({ role: 'assistant', content: '' })
  for (const content of text.split(/(?<= )/)) {
    await pause(20)
    if (response.destroyed) return
    send({ content })
  }
  send({}, 'stop')
  response.end('data: [DONE]\n\n')
}

/** The text of a message, which may come in parts. */
function textOf(message: unknown): string {
  const { content } = Object(message) as { readonly content?: unknown }
  if (!Array.isArray(content)) return typeof content === 'string' ? content : ''
  return content.map((part) => (Object(part) as { readonly text?: string }).text ?? '').join('')
}

function usageOf(prompt: string, completion: string) {
  const [asked, said] = [prompt, completion].map((text) => text.split(/\s+/).filter(Boolean).length)
  const [prompt_tokens, completion_tokens] = [asked ?? 0, said ?? 0]
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens }
}

/** The same eight numbers for the same text. */
function vectorOf(text: string): Float32Array<ArrayBuffer> {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 8)
  return Float32Array.from(bytes, (byte) => byte / 128 - 1)
}
