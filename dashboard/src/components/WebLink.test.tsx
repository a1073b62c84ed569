import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { WebLink } from './WebLink.tsx'

afterEach(cleanup)

test.each(['https://github.com/acme/hello', 'http://localhost:3000/', '/repos/acme-hello-41/'])(
  '%s is a link',
  (href) => {
    expect(
      render(<WebLink href={href}>x</WebLink>)
        .container.querySelector('a')
        ?.getAttribute('href'),
    ).toBe(href)
  },
)

test.each(['javascript:alert(1)', ' javascript:alert(1)', '/srv/git/hello', 'data:text/html,x', '', null])(
  '%s is text',
  (href) => {
    expect(render(<WebLink href={href}>x</WebLink>).container.querySelector('a')).toBeNull()
  },
)
