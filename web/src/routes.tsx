/** Every address of the app and the page behind it. Pages load when they are first opened; the shell is there at once. */

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { id } from '@vedette/shared/id.ts'
import { z } from 'zod'
import { sections } from './cameras/camera-draft.ts'
import { Crash, NotFound } from './shell/crash.tsx'
import { Home } from './shell/home.tsx'
import { Shell } from './shell/shell.tsx'
import { Waiting } from './shell/waiting.tsx'

const root = createRootRoute({ notFoundComponent: NotFound })

const signedIn = createRoute({ getParentRoute: () => root, id: 'signed-in', component: Shell })

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: Home,
})
const live = createRoute({
  getParentRoute: () => signedIn,
  path: '/live',
  /** `camera`: the one in focus. */
  validateSearch: z.object({ camera: id.optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./live/live-page.tsx'), 'LivePage'),
})
const timeline = createRoute({
  getParentRoute: () => signedIn,
  path: '/timeline',
  /** `camera`: those that play; `at`: the instant to show. */
  validateSearch: z.object({
    camera: z.array(id).max(4).optional().catch(undefined),
    at: z.number().int().min(0).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./timeline/timeline-page.tsx'), 'TimelinePage'),
})
const cameras = createRoute({
  getParentRoute: () => signedIn,
  path: '/cameras',
  component: lazyRouteComponent(() => import('./cameras/cameras-page.tsx'), 'CamerasPage'),
})
const addCamera = createRoute({
  getParentRoute: () => signedIn,
  path: '/cameras/new',
  /** `first`: right after set-up. */
  validateSearch: z.object({ first: z.boolean().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./cameras/add-page.tsx'), 'AddCameraPage'),
})
const camera = createRoute({
  getParentRoute: () => signedIn,
  path: '/cameras/$cameraId',
  validateSearch: z.object({ section: z.enum(sections).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./cameras/camera-page.tsx'), 'CameraPage'),
})
const storage = createRoute({
  getParentRoute: () => signedIn,
  path: '/storage',
  component: lazyRouteComponent(() => import('./storage/storage-page.tsx'), 'StoragePage'),
})
const status = createRoute({
  getParentRoute: () => signedIn,
  path: '/status',
  component: lazyRouteComponent(() => import('./status/status-page.tsx'), 'StatusPage'),
})
const profile = createRoute({
  getParentRoute: () => signedIn,
  path: '/profile',
  component: lazyRouteComponent(() => import('./profile/profile-page.tsx'), 'ProfilePage'),
})
const users = createRoute({
  getParentRoute: () => signedIn,
  path: '/users',
  component: lazyRouteComponent(() => import('./users/users-page.tsx'), 'UsersPage'),
})
const addUser = createRoute({
  getParentRoute: () => signedIn,
  path: '/users/new',
  component: lazyRouteComponent(() => import('./users/add-user-page.tsx'), 'AddUserPage'),
})
const user = createRoute({
  getParentRoute: () => signedIn,
  path: '/users/$userId',
  component: lazyRouteComponent(() => import('./users/user-page.tsx'), 'UserPage'),
})
const backup = createRoute({
  getParentRoute: () => signedIn,
  path: '/backup',
  component: lazyRouteComponent(() => import('./backup/backup-page.tsx'), 'BackupPage'),
})
const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  component: lazyRouteComponent(() => import('./audit/audit-page.tsx'), 'AuditPage'),
})
const logs = createRoute({
  getParentRoute: () => signedIn,
  path: '/log',
  component: lazyRouteComponent(() => import('./logs/log-page.tsx'), 'LogPage'),
})

/** Only paths of this app: a link must not lead a fresh login elsewhere. */
const loginSearch = z.object({
  to: z
    .string()
    .regex(/^\/(?!\/)/)
    .optional()
    .catch(undefined),
})
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
  component: lazyRouteComponent(() => import('./auth/login-page.tsx'), 'LoginPage'),
})
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./auth/setup-page.tsx'), 'SetupPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    setup,
    signedIn.addChildren([
      home,
      live,
      timeline,
      cameras,
      addCamera,
      camera,
      storage,
      status,
      profile,
      users,
      addUser,
      user,
      backup,
      audit,
      logs,
    ]),
  ]),
  defaultPendingComponent: Waiting,
  defaultErrorComponent: Crash,
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
