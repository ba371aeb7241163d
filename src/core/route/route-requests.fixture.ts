/** Requests as a careful reader labels them from DESIGN's sections 4 and 9; each was labelled before the rules were run on it. */
import type { Route } from '../vocabulary.ts'

/** `rules`: direct, and no model is asked. `model`: the rules cannot say; the route is what the keywords say when the model fails. */
export type Labelled = readonly [text: string, level: 'rules' | 'model', withoutModel: Route]

const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ')

export const namesAFile: readonly Labelled[] = [
  ['fix the typo in README.md', 'rules', 'direct'],
  ['Add a newline at the end of src/core/route.ts', 'rules', 'direct'],
  ['Rename the variable x to count in src/main.go', 'rules', 'direct'],
  ['Read package.json and tell me the version', 'rules', 'direct'],
  ['Remove the unused import from `src/a.ts`', 'rules', 'direct'],
  ['Look at C:\\Users\\me\\notes.txt', 'rules', 'direct'],
  ['Look at ..\\notes\\today.txt:12', 'rules', 'direct'],
  ['Why does src/app.tsx:41:7 not compile', 'rules', 'direct'],
  ['See docs/README.md#install, it is wrong', 'rules', 'direct'],
  ['Sort the imports of (src/index.ts).', 'rules', 'direct'],
  ['Show me [the guide](docs/guide.md)', 'rules', 'direct'],
  ['Shorten README.md’s first paragraph', 'rules', 'direct'],
  ["Count the rows of 'sales 2024.csv'", 'rules', 'direct'],
  ['Add a target to the Makefile', 'rules', 'direct'],
  ['Add node_modules to .gitignore', 'rules', 'direct'],
  ['Can you fix the typo in README.md?', 'rules', 'direct'],
  ['Please convert photo.PNG to a jpg', 'rules', 'direct'],
  ['Shorten refactoring-all-files.md', 'rules', 'direct'],
  ['Diff a.ts,b.ts', 'rules', 'direct'],
  ['修复README.md中的错字', 'rules', 'direct'],
  ['请翻译 文档/说明.txt', 'rules', 'direct'],
  ['README.md를 번역해줘', 'rules', 'direct'],
  ['Исправь опечатку в файле отчёт.docx', 'rules', 'direct'],
  ['Corrige la faute dans résumé.tex', 'rules', 'direct'],
]

export const asksAQuestion: readonly Labelled[] = [
  ['What Go version?', 'rules', 'direct'],
  ['what go version is used', 'rules', 'direct'],
  ['Which database does the service use?', 'rules', 'direct'],
  ['Is the build green?', 'rules', 'direct'],
  ['Who wrote the scheduler?', 'rules', 'direct'],
  ['How do I run a single test?', 'rules', 'direct'],
  ['Why?', 'rules', 'direct'],
  ['Is "strict" on? Since when?', 'rules', 'direct'],
  ['What is Node.js?', 'rules', 'direct'],
  ['What does https://example.com/readme.md say?', 'rules', 'direct'],
  ['What does this print?\n```js\nconsole.log(1 + 1)\n```', 'rules', 'direct'],
  ['Welche Go-Version nutzt ihr?', 'rules', 'direct'],
  ['¿Qué versión de Go usamos?', 'rules', 'direct'],
  ['Quelle version de Go ?', 'rules', 'direct'],
  ['Go 的版本是什么？', 'rules', 'direct'],
  ['ما هو إصدار جو؟', 'rules', 'direct'],
  ['Какая версия Go?', 'rules', 'direct'],
  ['Ｗｈａｔ Ｇｏ ｖｅｒｓｉｏｎ？', 'rules', 'direct'],
  ['What does https://example.com/refactoring say?', 'rules', 'direct'],
  ['What is a dog? 🐕?', 'rules', 'direct'],
]

export const namesNoFile: readonly Labelled[] = [
  ['', 'model', 'direct'],
  ['   \n\t ', 'model', 'direct'],
  ['\0', 'model', 'direct'],
  ['?', 'model', 'direct'],
  ['hi', 'model', 'direct'],
  ['Fix the login', 'model', 'direct'],
  ['Upgrade Node.js', 'model', 'direct'],
  ['Open https://example.com/docs/readme.md', 'model', 'direct'],
  ['Open github.com/acme/app/blob/main/README.md', 'model', 'direct'],
  ['Write to ann@example.md', 'model', 'direct'],
  ['Call response.json() once', 'model', 'direct'],
  ['Meet me at 7 a.m. in Washington D.C.', 'model', 'direct'],
  ['Release v1.2.3', 'model', 'direct'],
  ['Clean up src/core/', 'model', 'direct'],
  ['Make .ts the default', 'model', 'direct'],
  ['Run this:\n```sh\ncat src/a.ts\n```', 'model', 'direct'],
  ['Can you restart the server?', 'model', 'direct'],
  ['Could you please summarise the thread?', 'model', 'direct'],
  ['We use Go. Which version is it?', 'model', 'direct'],
  ['Which version is it? I cannot see it', 'model', 'direct'],
  ['What is wrong here? Mend it.', 'model', 'direct'],
  ['What I found. Look at it.', 'model', 'direct'],
  ['When the build is done, tell me', 'model', 'direct'],
  ['Deploy the service, and then watch it, and finally report', 'model', 'plan'],
  ['写一首关于春天的诗', 'model', 'direct'],
]

export const isBroad: readonly Labelled[] = [
  ['refactor entire project', 'model', 'plan'],
  ['Refactor src/a.ts', 'model', 'plan'],
  ['A refactoring of src/a.ts, please', 'model', 'plan'],
  ['Refac\u00adtoring of src/a.ts', 'model', 'plan'],
  ['ＲＥＦＡＣＴＯＲ src/a.ts', 'model', 'plan'],
  ['Add the header of LICENSE to all files', 'model', 'plan'],
  ['Add the header of LICENSE to ALL\n FILES', 'model', 'plan'],
  ['Is "all files" a phrase in notes.txt?', 'model', 'plan'],
  ['How many lines has the entire project?', 'model', 'plan'],
  ['Format src/**/*.ts', 'model', 'direct'],
  ['Format *.ts', 'model', 'direct'],
  ['Format src/*/index.ts', 'model', 'direct'],
  ['Link README.md from docs/*', 'model', 'direct'],
  ['Format src\\*.ts', 'model', 'direct'],
  ['Do as todo.txt says:\n```\nrefactor everything\n```', 'model', 'plan'],
  ['重构main.go', 'model', 'plan'],
  ['请在所有文件中加入LICENSE', 'model', 'plan'],
  ['Rewrite parser.ts from scratch', 'model', 'plan'],
  ['Migrate config.yaml to the new schema', 'model', 'plan'],
  ['Refaktoriere das gesamte Projekt in main.go', 'model', 'plan'],
]

export const isAtAnEdge: readonly Labelled[] = [
  [`${words(14)} a.ts`, 'rules', 'direct'],
  [`${words(15)} a.ts`, 'model', 'direct'],
  [`${words(7)} — ${words(7)} a.ts`, 'rules', 'direct'],
  [`What ${words(14)}?`, 'rules', 'direct'],
  [`What ${words(15)}?`, 'model', 'direct'],
  [`${'w\0'.repeat(15)}a.ts`, 'model', 'direct'],
  [`${'x'.repeat(145)} a.ts`, 'rules', 'direct'],
  [`${'x'.repeat(146)} a.ts`, 'model', 'direct'],
  [`  ${'x'.repeat(145)} a.ts\n\n`, 'rules', 'direct'],
  [`${'😀'.repeat(145)} a.ts`, 'rules', 'direct'],
  [`${'😀'.repeat(146)} a.ts`, 'model', 'direct'],
  [`${'一'.repeat(28)} a.ts`, 'rules', 'direct'],
  [`${'一'.repeat(30)} a.ts`, 'model', 'direct'],
  [`What does this do?\n\`\`\`\n${words(12)}\n\`\`\``, 'model', 'direct'],
  [`a.ts${' '.repeat(200)}b.ts`, 'model', 'direct'],
]

/** Long requests: only the last two levels can say anything about them. */
export const isLong: readonly Labelled[] = [
  [
    'Download the report, then extract the tables from it, then check the sums against the ledger, and finally mail me the result.',
    'model',
    'plan',
  ],
  [
    'For the release:\n1. bump the version\n2. write the changelog\n3. tag the commit\n4. publish the package\n5. tell the channel',
    'model',
    'plan',
  ],
  [
    'Investigate three vendors in parallel, let a specialist judge the contract of each, and join what they find into one report.',
    'model',
    'plan_and_subagent',
  ],
  [
    'Research the market for home batteries, compare several competitors independently, and write a research report with sources.',
    'model',
    'plan_and_subagent',
  ],
  [
    'There is a typo in the second sentence of the welcome mail, where it says "recieve" and not "receive"; just the spelling, thanks.',
    'model',
    'direct',
  ],
  [
    'Translate this sentence to French for me, as you would say it to a friend whom you have not seen for a very long time: see you soon.',
    'model',
    'direct',
  ],
  [
    'Migrate the whole service from REST to gRPC, integrate the new client everywhere, update the tests, and then roll out step by step.',
    'model',
    'plan',
  ],
]
