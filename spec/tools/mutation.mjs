// npm run mutation [-- file …]: changes the code at one place after the other and tells which changes no spec notices.
// Takes minutes for a file and hours for all of them. Each is met by the specs nearest to it, since every change runs them again.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { filesIn, root, runTool } from './root.mjs'

/** Less of its changes noticed than this, and a file is named at the end. */
const wanted = 85
const result = `${root}/coverage/mutation.json`
const chosen = `${root}/coverage/mutation.config.json`

/** Names in `lib/registry`, but for the first two, and the specs for them. */
const groups = [
  ['lib/http/authenticate.ts', 'http/authenticate'],
  ['lib/model-info/redact.ts', 'model-info/{redact,redact-places,redact-names}'],
  ['visibility', 'registry/{grant,resolve} router/{access,visibility,aliases,page,team-models}'],
  [
    'writes commit permissions',
    'registry/{commit,writes} router/{permissions,remove,block,update,if-match,create,access-groups,wire-errors}',
  ],
  [
    'grant patterns layered-map observations resolve shortened',
    'registry/{grant,patterns,layered-map,observations,resolve} router/wildcards',
  ],
  ['snapshot view', 'registry/{view,snapshot,resolve} router/{aliases,wildcards}'],
  ['survey', 'registry/survey'],
  ['follow', 'registry/follow*'],
  ['subscription turns deferred done-within', 'registry/{subscription,turns,done-within,follow-close}'],
  ['clock', 'registry/clock'],
  ['configured', 'registry/configured'],
  ['askers breath hints', 'registry/{hints,follow*}'],
  ['patience', 'registry/{patience,patient-calls}'],
  [
    'merge kept-hidden draft ids team-name',
    'registry/writes router/{update-merge,update,create,team-models,attack-masks,attack-ids}',
  ],
  [
    'team-guards destinations leaves literal-secrets',
    'registry/destinations router/{team-guards,team-hosts,reference-only,url-policy,attack-texts}',
  ],
  ['url-policy', 'registry/url-policy'],
  [
    'admission references',
    'registry/admission router/{limits,url-policy,references,reference-only,sealed,host-functions}',
  ],
  ['host-function', 'router/host-functions'],
  ['revision-tag', 'router/{if-match,unstorable-texts}'],
  ['access-groups changes', 'registry/changes router/access-groups'],
  ['router-settings', 'registry/router-settings'],
  ['callable listing', 'registry/resolve router/{access,aliases,wildcards}'],
  ['groups names query scope-cache', 'registry/changes router/{groups,models,page,access}'],
  ['row', 'registry/row'],
  ['model-shape aside-log', 'router/{odd-adapters,status-file}'],
  ['lists', 'registry/{lists,lists-reused}'],
  ['reads', 'registry/{row-bytes,lists} router/{access,models,groups,info,page,team-models,wildcards}'],
  ['status effective-options', 'router/{status,status-file}'],
  ['fault host-registry look-again checked-new', 'registry/{fault,host-registry,look-again,changes}'],
  ['room', 'registry/room router/limits'],
  ['gate', 'registry/patience router/{limits,access-groups}'],
  ['cost-map-control cost-map-bytes', 'registry/cost-map-*'],
  [
    'registry',
    'registry/{host-registry,changes} router/{status,status-file,same-file,cost-map,aliases,wildcards,info,mount,page,host-functions,access-groups}',
  ],
]

const everything = [
  ...filesIn('lib/registry').map((file) => `lib/registry/${file}`),
  ...groups.map(([files]) => files).filter((files) => files.endsWith('.ts')),
]
const asked = process.argv.slice(2)
const files = asked.length === 0 ? everything : asked
const scores = [...bySpecs(files)].flatMap(([specs, together]) => measured(together, specs))
console.log(scores.map(({ line }) => line).join('\n'))
const low = scores.filter(({ score }) => score < wanted)
if (low.length > 0) console.error(`below ${wanted} %: ${low.map(({ file }) => file).join(', ')}`)
process.exitCode = low.length > 0 || scores.length < files.length ? 1 : 0

/** The files by the specs for them; those without specs of their own are met by all that the configuration names. */
function bySpecs(all) {
  const found = new Map()
  for (const file of all) {
    const own = ([names]) => names === file || names.split(' ').includes(basename(file, '.ts'))
    const specs = groups.find(own)?.[1] ?? ''
    found.set(specs, [...(found.get(specs) ?? []), file])
  }
  return found
}

function measured(together, specs) {
  if (!runTool('stryker', 'run', configFor(specs), '--mutate', together.join(','))) return []
  return Object.entries(JSON.parse(readFileSync(result, 'utf8')).files).map(([file, { mutants }]) => {
    const count = (...states) => mutants.filter(({ status }) => states.includes(status)).length
    const noticed = count('Killed', 'Timeout')
    const missed = count('Survived', 'NoCoverage')
    const score = (100 * noticed) / (noticed + missed || 1)
    return { file, score, line: `${score.toFixed(1).padStart(5)} %  ${file}, ${missed} not noticed` }
  })
}

/** Stryker's own choice of specs holds for its first run only: for each change jest would load the others as well. */
function configFor(specs) {
  const config = JSON.parse(readFileSync(`${root}/.stryker.config.json`, 'utf8'))
  if (specs !== '') {
    config.jest.config.testMatch = specs.split(' ').map((glob) => `<rootDir>/spec/${glob}.spec.ts`)
    config.jest.config.testPathIgnorePatterns = []
  }
  mkdirSync(`${root}/coverage`, { recursive: true })
  writeFileSync(chosen, JSON.stringify(config))
  return chosen
}
