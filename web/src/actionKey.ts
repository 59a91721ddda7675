/**
 * Names for actions of a person (`Idempotency-Key`).
 *
 * The same action keeps its name until its outcome is known, so that sending it again cannot do it twice; another
 * content or a settled outcome gets a new name.
 */
export class ActionKey {
  private name = ''
  private content = ''

  of(content: unknown): string {
    const text = JSON.stringify(content ?? null)
    if (this.name === '' || text !== this.content) {
      this.name = newName()
      this.content = text
    }
    return this.name
  }

  settle() {
    this.name = ''
  }
}

/** 128 random bits. `crypto.randomUUID` is missing on an intranet without TLS. */
function newName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
