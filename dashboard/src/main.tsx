import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { onServerClock } from './api/client.ts'
import { createQueryClient } from './api/queries.ts'
import { LiveProvider } from './components/live.tsx'
import { setClockOffset } from './lib/clock.ts'
import { followSystemTheme } from './lib/theme.ts'
import { createAppRouter } from './routes.tsx'
import './styles/patternfly.ts'
import './styles/app.css'

const queries = createQueryClient()
const router = createAppRouter(queries)
onServerClock(setClockOffset)
followSystemTheme()

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no #root')
const root = createRoot(place)

function show(): void {
  root.render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <LiveProvider>
          <RouterProvider router={router} />
        </LiveProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
}

// the head that index.html shows stays until the page can take its place: no blank in between
router.load().then(show, show)
