import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderMarkdown } from './markdown.ts'

const render = (text: string) => renderMarkdown(text).text.replace(/^<div class="text">(.*)<\/div>$/s, '$1')

test('what is posted is shown as people see it', () => {
  for (const [text, shown] of [
    ['a\\_b **bold \\- `x_y`**', '<p>a_b <strong>bold - <code>x_y</code></strong></p>'],
    [
      '- one\n- [a\\-b](https://h.example/x)',
      '<ul class="plain"><li>one</li><li><a href="https://h.example/x">a-b</a></li></ul>',
    ],
    ['```text\na **b**\n```\nc', '<pre>a **b**</pre><p>c</p>'],
    ['<details><summary>More</summary>\n\nx\n\n</details>', '<details><summary>More</summary><p>x</p></details>'],
    ['<!-- packit:1 -->', ''],
  ] as const)
    assert.equal(render(text), shown)
})

test('HTML of strangers is shown as text, and links lead to web pages only', () => {
  const shown = render('<script>x</script> `<b>` [a](javascript:x) [q](https://h/"onclick=)\n```\n<i>\n')
  assert.ok(!/<script|<b>|<i>|href="javascript|"onclick/.test(shown), shown)
})
