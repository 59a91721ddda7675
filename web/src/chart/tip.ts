/** A tooltip as an element: texts from outside are never read as HTML. */
export function tip(title: string, rows: [label: string, value: string][]): HTMLElement {
  const box = document.createElement('div')
  const head = document.createElement('b')
  head.textContent = title
  box.append(head)
  for (const [label, value] of rows) {
    const row = document.createElement('div')
    row.style.cssText = 'display:flex;gap:12px;justify-content:space-between'
    const name = document.createElement('span')
    name.textContent = label
    const figure = document.createElement('span')
    figure.textContent = value
    row.append(name, figure)
    box.append(row)
  }
  return box
}
