/** The bare address: on to the page that the user likes to see first. */
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useMe } from '../api/queries.ts'
import { Waiting } from './waiting.tsx'

export function Home() {
  const router = useRouter()
  const me = useMe()
  const page = me.data?.defaultPage ?? '/live'
  useEffect(() => router.history.replace(page), [router, page])
  return <Waiting />
}
