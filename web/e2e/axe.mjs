// Accessibility: axe-core over the page as it stands.
import { createRequire } from 'node:module'

const { source } = createRequire(import.meta.url)('axe-core')

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** One line for each element that breaks a rule. */
export async function violations(page) {
  await page.evaluate(source)
  const found = await page.evaluate(
    async (values) => (await window.axe.run(document, { runOnly: { type: 'tag', values } })).violations,
    TAGS,
  )
  return found.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id} (${help}): ${node.target.join(' ')}`))
}
