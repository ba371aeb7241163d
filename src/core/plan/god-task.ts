/** Tasks that are several: told by the verbs at the beginnings of their clauses. A warning, so what is in doubt is none. */

/**
 * The verbs of a task that does several things; null: it does one, or nobody can tell. A name has two of them ("Fetch the rows and
 * send the report"), a description three: it also says how. Verbs that only prepare another ("find and copy the file") do not
 * count without an object of their own, nor in a description.
 */
export function whyGodTask(name: string, description = ''): readonly string[] | null {
  const inName = clausesOf(name).filter(({ verb, hasObject }) => works.has(verb) || (prepares.has(verb) && hasObject))
  if (beginsWithVerb(name) && distinct(inName).length >= 2) return distinct(inName)
  const inDescription = clausesOf(description).filter(({ verb, hasObject }) => works.has(verb) && hasObject)
  return distinct(inDescription).length >= 3 ? distinct(inDescription) : null
}

type Clause = { readonly verb: string; readonly hasObject: boolean }

/** Text beyond this says nothing new about how many things a task does. */
const MAX_CHARACTERS = 2_000

function clausesOf(text: string): readonly Clause[] {
  const bare = text.slice(0, MAX_CHARACTERS).replace(QUOTED, ' ')
  return bare.split(BREAK).flatMap((clause) => {
    const words = wordsOf(clause)
    const at = words.findIndex((word) => !fillers.has(word))
    const verb = words[at]
    return verb === undefined ? [] : [{ verb, hasObject: words.length > at + 1 }]
  })
}

/** What is quoted or bracketed is an example, not a step. Nothing is looked for behind the next opening sign: each is read once. */
const QUOTED = /"[^"]*"|`[^`]*`|“[^“”]*”|\([^()]*\)|(?<!\w)'[^']*'(?!\w)/g
const BREAK = /[,;:&+!?\n]|\.(?:\s|$)|\b(?:and|then|plus|before|after|as well as|followed by|or)\b/i

function wordsOf(clause: string): readonly string[] {
  return clause.toLowerCase().match(/[\p{L}\p{N}'_-]+/gu) ?? []
}

function beginsWithVerb(name: string): boolean {
  const [first] = clausesOf(name)
  return first !== undefined && (works.has(first.verb) || prepares.has(first.verb))
}

function distinct(clauses: readonly Clause[]): readonly string[] {
  return [...new Set(clauses.map(({ verb }) => verb))]
}

const listed = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

const fillers = listed(
  'please also finally first next afterwards later lastly to it now please i will we should must you',
)

/** Verbs that leave something behind. */
const works = listed(`
  add aggregate analyse analyze annotate append apply approve archive assemble assign attach backup batch benchmark build
  calculate call cancel classify clean combine commit compile compose compress compute configure convert copy create
  decrypt delete deliver deploy describe design detect disable document download draft edit email enable encrypt
  enrich evaluate execute export extract fetch fix format generate implement import index insert install integrate
  investigate issue join launch load merge migrate mock modify normalise normalize notify optimise optimize parse pay
  post prepare prioritise prioritize propose provision publish purchase push rank recommend refactor refund register
  remove rename render replace reply rerun research reset resize restart restore rewrite roll rollback run save
  scan schedule score scrape send split store submit summarise summarize sync synthesise synthesize test train
  transcode transcribe transform translate update upgrade upload validate verify visualise visualize write
`)

/** Verbs that mostly prepare another. What is a noun as often ("log", "order", "report") is in neither list. */
const prepares = listed(`
  buy check collect compare confirm count decide define determine estimate filter find gather get identify inspect
  list look measure monitor open print read resolve retrieve search select sort
`)
