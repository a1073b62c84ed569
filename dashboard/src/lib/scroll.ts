/** Brings something to the top of the screen, unless enough of it is there already: what one reads must not jump. */
export function showElement(element: HTMLElement | null): void {
  if (!element) return
  const { top } = element.getBoundingClientRect()
  if (top < 0 || top > window.innerHeight / 2) element.scrollIntoView({ block: 'start' })
}
