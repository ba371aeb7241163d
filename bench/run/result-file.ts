/** Where the findings of a benchmark are kept; committed, so that a change of them shows. */
export function resultFile(name: string): URL {
  return new URL(`../results/${name}.json`, import.meta.url)
}
