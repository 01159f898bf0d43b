/** Users, roles, groups and rules from the cache, and the way to bring them up to date after a change. */
import { useQuery } from '@tanstack/react-query'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { listGroups, listRoles, listUsers, readPolicy } from '../api/users.ts'

export const useUsers = () => useQuery({ queryKey: keys.users, queryFn: ({ signal }) => listUsers(signal) })
export const useRoles = () => useQuery({ queryKey: keys.roles, queryFn: ({ signal }) => listRoles(signal) })
export const useGroups = () => useQuery({ queryKey: keys.groups, queryFn: ({ signal }) => listGroups(signal) })
export const usePolicy = () => useQuery({ queryKey: keys.policy, queryFn: ({ signal }) => readPolicy(signal) })

/** One's own account may be among what was changed. */
export async function refreshAccounts(): Promise<void> {
  const stale = [keys.users, keys.roles, keys.groups, keys.policy, keys.allTokens, keys.me]
  await Promise.all(stale.map((queryKey) => queryClient.invalidateQueries({ queryKey })))
}
