// Pictures of every page in every look, to be looked at: node scripts/screenshots.mjs FOLDER
//
// Needs a running server (QINGKONG_URL) and Chromium (QINGKONG_CHROMIUM), as the browser tests do.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launch, newPage, open, PHONE } from '../web/e2e/browser.mjs'
import { HOUSE, LOOKS, PAGES } from '../web/e2e/pages.mjs'
import { waitForRun } from '../web/e2e/server.mjs'

const folder = process.argv[2]
if (!folder) {
  console.error('usage: node scripts/screenshots.mjs FOLDER')
  process.exit(2)
}

const looks = [
  ...LOOKS.map((look) => ({ name: `${look.theme}-${look.language}`, ...look })),
  { name: 'phone', viewport: PHONE, scale: 2, touch: true },
]

await mkdir(folder, { recursive: true })
await waitForRun()
const browser = await launch()
for (const look of looks) for (const entry of [...PAGES, ...HOUSE]) await picture(entry, look)
for (const entry of PAGES) await paper(entry)
await browser.close()

async function picture(entry, look) {
  const { page, context } = await newPage(browser, { ...look, as: entry.as })
  await open(page, entry)
  await page.screenshot({ path: join(folder, `${entry.name}-${look.name}.png`), fullPage: Boolean(look.touch) })
  await context.close()
}

async function paper(entry) {
  const { page, context } = await newPage(browser)
  await open(page, entry)
  const pdf = await page.pdf({ format: 'A4', landscape: true, printBackground: true, preferCSSPageSize: true })
  await writeFile(join(folder, `${entry.name}-print.pdf`), pdf)
  await context.close()
}
