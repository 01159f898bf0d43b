// The Debian packages that tests use: foreign cameras, a foreign player, a browser, a database, a proxy, an ACME authority. Vedette itself needs none.
import { spawnSync } from 'node:child_process'

const packages = [
  'age',
  'bubblewrap',
  'chromium',
  'curl',
  'ffmpeg',
  'gir1.2-gst-rtsp-server-1.0',
  'gir1.2-gstreamer-1.0',
  'gstreamer1.0-libav',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-ugly',
  'gstreamer1.0-rtsp',
  'libnss3-tools',
  'nginx-light',
  'openssl',
  'pebble',
  'postgresql',
  'python3-gi',
  'rtsp-server-perl',
  'strace',
  'util-linux',
  'vlc-bin',
  'vlc-plugin-base',
]

/** Installs them when root on a Debian, else says what to type; tests that miss one are skipped aloud. */
export function installDebianPackages() {
  const missing = packages.filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  const canInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (!canInstall) {
    console.log(
      `Some tests will be skipped: these Debian packages are missing. As root:\n  apt-get install ${missing.join(' ')}\n`,
    )
    return
  }
  console.log(`Installing Debian packages for the tests: ${missing.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) =>
    spawnSync('apt-get', ['-q', '-y', ...args], { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  apt('update')
  const run = apt('install', '--no-install-recommends', ...missing)
  if (run.status !== 0)
    console.log(`apt-get failed; tests that need these packages will be skipped.\n${run.stderr.slice(-2000)}`)
}

function isInstalled(name) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholder.
  const run = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' })
  return run.status === 0 && run.stdout === 'installed'
}
