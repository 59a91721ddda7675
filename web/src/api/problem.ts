import type { ProblemBody } from './types'

/** What is known of a problem; a gateway or a broken line gives less than the server. */
type Known = Pick<ProblemBody, 'status' | 'code' | 'title' | 'title_en'> & Partial<ProblemBody>

/** A refusal of the server, or a server that was not reached (`offline`). */
export class Problem extends Error {
  constructor(readonly body: Known) {
    super(`${body.code} ${body.title}`)
  }

  get offline(): boolean {
    return this.body.status === 0
  }

  /** Whether it is unknown if the server did what it was asked: then the same request is sent again under its name. */
  get uncertain(): boolean {
    return this.body.status === 0 || this.body.status >= 500
  }

  /** Somebody else changed the thing since it was read. */
  get stale(): boolean {
    return this.body.status === 412
  }

  /** The server's own words in the reader's language. */
  title(language: string): string {
    return language === 'en' ? this.body.title_en : this.body.title
  }
}

/** Whatever was thrown, as a problem. A failed `fetch` is a `TypeError` by its standard. */
export function asProblem(cause: unknown): Problem {
  if (cause instanceof Problem) return cause
  if (cause instanceof TypeError) {
    return new Problem({ status: 0, code: 'OFFLINE', title: '无法连接服务器', title_en: 'The server was not reached' })
  }
  const detail = cause instanceof Error ? cause.message : String(cause)
  return new Problem({ status: 0, code: 'PAGE', title: '页面出错', title_en: 'The page failed', detail })
}

/** Problem details of a body that may be anything, for instance the page of a gateway. */
export function problemOf(status: number, body: unknown): Problem {
  const given = typeof body === 'object' && body !== null ? (body as Partial<ProblemBody>) : {}
  return new Problem({
    ...given,
    status,
    code: given.code ?? `HTTP-${status}`,
    title: given.title ?? '服务器没有完成请求',
    title_en: given.title_en ?? 'The server did not complete the request',
  })
}
