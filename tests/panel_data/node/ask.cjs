// Answers of @grafana/data: reads a JSON list of questions on stdin, prints the list of its answers.
// A number that JSON does not have is written "NaN", "Infinity" or "-Infinity" in the list `numbers` of a question.
const { createRequire } = require('node:module');
const requireFrom = createRequire(`${process.argv[2]}/`);

// Everything but the answers goes to stderr.
const print = process.stdout.write.bind(process.stdout);
console.log = console.info = console.warn = console.error;

// What @grafana/data expects of a browser. react-use looks for a window when it is loaded, and must not see this one.
requireFrom('react-use');
globalThis.window = { addEventListener() {} };
Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en-US'], language: 'en-US' }, configurable: true });
const grafana = requireFrom('@grafana/data');

const decoded = (value) =>
  ['NaN', 'Infinity', '-Infinity'].includes(value) ? Number(value) : value;
// Node's Intl puts a narrow space before AM; Chrome and Firefox took that back, and write a plain one.
const formatted = ({ prefix, text, suffix }) => [prefix ?? '', text.replace('\u202f', ' '), suffix ?? ''];

const ANSWERS = {
  // The ids of all units.
  units: () => grafana.getValueFormats().flatMap((category) => category.submenu.map((format) => format.value)),

  // A unit's text for each of `numbers`.
  format: ({ unit, decimals, numbers, now, milliseconds }) => {
    Date.now = () => now ?? 0;
    const write = grafana.getValueFormat(unit);
    return numbers.map((number) => {
      try {
        return formatted(write(decoded(number), decimals, null, 'utc', milliseconds)).join('|');
      } catch (error) {
        return error.name;
      }
    });
  },
};

const asked = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
print(JSON.stringify(asked.map((question) => ANSWERS[question.ask](question))));
