/** The layers and the reasons for their absence as sentences for the command line; the web app has its own texts. */
import type { SandboxLayerName, SandboxReason } from '@vedette/shared/sandbox.ts'

export const layerWords: Readonly<Record<SandboxLayerName, string>> = {
  user: 'own user',
  no_new_privileges: 'no new privileges',
  capabilities: 'no capabilities',
  processes: 'apart from other processes',
  network: 'no network',
  files: 'own view of files',
  system_calls: 'filter of system calls',
  node_permissions: 'permissions of Node',
  limits: 'limits',
  priority: 'ends first when memory runs out',
}

export const reasonSentences: Readonly<Record<SandboxReason, string>> = {
  no_bubblewrap: 'install bubblewrap (apt install bubblewrap)',
  no_util_linux: 'install util-linux (setpriv, prlimit, unshare)',
  no_user_namespaces: 'this system does not allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)',
  runs_as_root: 'start Vedette with --user <name> or VEDETTE_USER=<name>',
  foreign_folder: 'the data folder belongs to another user: chown -R it',
  set_by_service: 'start Vedette with --user, or set NoNewPrivileges=yes in its service',
  needs_it: 'it could not do its work',
  not_offered: 'this system does not offer it',
  not_measured: 'the process could not be looked at',
}
