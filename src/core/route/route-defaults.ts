/** The rules of an agent that brings none. English first; broad words in other languages only keep the rules from being sure. */
import type { KeywordGroup, RouteRules } from './route-rules.ts'

const broadWords = [
  ...['all files', 'all the files', 'every file', 'each file', 'all of the files', 'all source files'],
  ...['all modules', 'all packages', 'all services', 'all documents', 'all the documents'],
  ...['entire project', 'entire codebase', 'entire code base', 'entire repo', 'entire repository', 'entire system'],
  ...['entire application', 'entire app', 'entire site', 'entire folder', 'entire directory'],
  ...['whole project', 'whole codebase', 'whole code base', 'whole repo', 'whole repository', 'whole system'],
  ...['whole application', 'whole app', 'whole site', 'whole folder', 'whole directory'],
  ...['full project', 'full codebase', 'across the project', 'across the codebase', 'across the repo', 'everywhere'],
  ...['throughout the project', 'throughout the codebase', 'codebase wide', 'project wide', 'repo wide'],
  ...['refactor*', 'rearchitect*', 're architect*', 'restructur*', 'redesign*', 'overhaul*', 'rewrite', 'rewriting'],
  ...['migrate', 'migrating', 'migration', 'from scratch', 'end to end', 'step by step'],
  ...['alle dateien', 'ganze projekt', 'ganzen projekt', 'gesamte projekt', 'gesamten projekt', 'refaktor*'],
  ...['tous les fichiers', 'projet entier', 'tout le projet', 'refactoris*', 'refactoriz*'],
  ...['todos los archivos', 'todo el proyecto', 'proyecto entero', 'todos os arquivos', 'projeto inteiro', 'refator*'],
  ...['tutti i file', 'intero progetto', 'все файлы', 'весь проект', 'всего проекта', 'рефакторинг*'],
  ...['所有文件', '全部文件', '整个项目', '重构', 'すべてのファイル', '全ファイル'],
  ...['プロジェクト全体', 'リファクタリング'],
  ...['모든 파일*', '전체 프로젝트*', '프로젝트 전체*', '리팩토링*', '리팩터링*'],
]

const fileSuffixes = [
  ...['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.vue', '.svelte', '.html'],
  ...['.htm', '.css', '.scss', '.sql', '.graphql', '.proto', '.tsv', '.parquet', '.lock', '.flac', '.mp4', '.mov'],
  ...['.go', '.rs', '.py', '.ipynb', '.rb', '.php', '.java', '.kt', '.swift', '.c', '.h', '.cc', '.cpp', '.hpp', '.cs'],
  ...['.ex', '.exs', '.erl', '.hs', '.scala', '.lua', '.sh', '.bash', '.zsh', '.ps1', '.bat'],
  ...['.json', '.jsonl', '.yaml', '.yml', '.toml', '.ini', '.cfg', '.conf', '.xml', '.csv'],
  ...['.md', '.mdx', '.rst', '.txt', '.log', '.tex', '.pdf', '.doc', '.docx', '.odt', '.rtf', '.xls', '.xlsx', '.ods'],
  ...['.ppt', '.pptx', '.png', '.jpg', '.jpeg', '.gif', '.svg', '.webp', '.wav', '.mp3', '.ogg'],
  ...['.avi', '.mkv', '.zip', '.tar', '.gz', '.diff', '.patch', '.tf', '.gradle', '.mod', '.sum', '.bak'],
]

const fileNames = [
  ...['README', 'readme', 'Readme', 'LICENSE', 'CHANGELOG', 'CONTRIBUTING', 'CODEOWNERS', 'NOTICE'],
  ...['Makefile', 'makefile', 'Dockerfile', 'dockerfile', 'Jenkinsfile', 'Gemfile', 'Rakefile'],
  ...['Procfile', 'Vagrantfile'],
  ...['.env', '.gitignore', '.gitattributes', '.dockerignore', '.npmrc', '.nvmrc'],
  ...['.editorconfig', '.bashrc', '.zshrc'],
]

const notFiles = [
  ...['node.js', 'next.js', 'nuxt.js', 'vue.js', 'react.js', 'express.js', 'three.js', 'd3.js', 'ember.js'],
  ...['angular.js', 'nest.js', 'alpine.js', 'solid.js', 'socket.io', 'asp.net', 'docs.rs', 'd.c', 'b.c'],
]

/** Without a question mark. Words that as often begin a statement ("when", "is", "do") are not among them. */
const questionWords = [
  ...['what', 'which', 'who', 'whose', 'whom', 'why', 'how', 'welche*', 'warum', 'wieso', 'weshalb', 'wie viele'],
  ...['quel', 'quelle', 'quels', 'quelles', 'pourquoi', 'combien', 'qué', 'cuál', 'cuáles'],
  ...['cómo', 'cuánto*', 'por qué'],
  ...['什么', '为什么', '怎么', '哪个', 'какая', 'какой', 'какие', 'почему', 'сколько'],
]

/** Said of work, whatever mark stands at the end. */
const requestWords = [
  ...['please', 'can you', 'could you', 'would you', 'will you', 'can we', 'could we', 'shall we', 'let s', 'help me'],
  ...['why don t you', 'why don t we', 'i want', 'i need', 'i d like', 'i would like', 'would you mind', 'how about'],
  ...['bitte', 'kannst du', 'können sie', 'könntest du', 'könnten sie', 'peux tu', 'pouvez vous', 'pourriez vous'],
  ...['por favor', 'puedes', 'podrías', 'puede usted', 'você pode', 'puoi', '请', '能不能', '可以帮', '帮我'],
  ...[
    'можешь',
    'можете',
    'пожалуйста',
    'してください',
    'してくれ',
    'してもらえ',
    '해줘',
    '해 줘',
    '해주세요',
    '해 주세요',
  ],
]

const hostSuffixes = ['.com', '.org', '.net', '.io', '.dev', '.edu', '.gov', '.co', '.ai', '.app', '.uk']

const direct: readonly KeywordGroup[] = [
  { weight: 3, phrases: ['typo', 'typos', 'which version', 'what version', 'one line', 'spelling'] },
  { weight: 2, phrases: ['what is', 'what are', 'what does', 'how many', 'who', 'why', 'explain', 'rename', 'just'] },
  { weight: 1, phrases: ['show', 'look up', 'print', 'translate', 'only', 'small', 'single', 'where', 'when'] },
]

const plan: readonly KeywordGroup[] = [
  // What is wide for its length asks for a plan, in every language that we know the words of.
  { weight: 4, phrases: broadWords },
  { weight: 3, phrases: ['after that', 'once that', 'finally', 'roadmap', 'multi step', 'multiple steps'] },
  { weight: 3, phrases: ['然后', '最后'] },
  { weight: 2, phrases: ['then', 'lastly', 'afterward*', 'subsequently', 'before that', 'additionally'] },
  { weight: 2, phrases: ['plan', 'steps'] },
  { weight: 2, phrases: ['implement*', 'integrat*', 'set up', 'roll out', 'pipeline', 'danach', 'ensuite', 'luego'] },
  { weight: 1, phrases: ['first', 'next', 'also', 'as well as', 'based on', 'using the', 'deploy', 'tests'] },
  { weight: 1, phrases: ['feature', 'upgrade', 'build', 'and'] },
]

const planAndSubagent: readonly KeywordGroup[] = [
  { weight: 8, phrases: ['in parallel', 'side by side', 'subagent*', 'sub agent*', 'specialist*', 'separate agents'] },
  { weight: 6, phrases: ['simultaneously', 'concurrently', 'at the same time', 'independently', 'multiple agents'] },
  { weight: 6, phrases: ['research report', 'competitive analysis', 'competitor*', 'market research'] },
  { weight: 3, phrases: ['research', 'investigate', 'literature', 'from each', 'for each', 'audit', 'perspectives'] },
]

export const defaultRouteRules: RouteRules = {
  maxWords: 15,
  maxCharacters: 150,
  broadWords,
  fileSuffixes,
  fileNames,
  notFiles,
  hostSuffixes,
  questionMarks: ['?', '؟', '՞', '፧', '⸮'],
  questionWords,
  requestWords,
  keywords: { direct, plan, plan_and_subagent: planAndSubagent },
  listItemWeight: 1,
  minWeight: 2,
  otherwise: 'direct',
}
