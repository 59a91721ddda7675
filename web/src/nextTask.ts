/** Lets the browser breathe between two heavy steps, so that an old office PC still answers a key or a click. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
