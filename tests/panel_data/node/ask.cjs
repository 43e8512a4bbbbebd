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

// JSON has no NaN, and no infinite numbers.
const encoded = (number) => (typeof number === 'number' && !Number.isFinite(number) ? String(number) : number ?? null);

// Colors in one notation: #rrggbb, or #rrggbbaa.
const tinycolor = requireFrom('tinycolor2');
const hexadecimal = (text) => {
  const color = tinycolor(text);
  return color.getAlpha() === 1 ? color.toHexString() : color.toHex8String();
};

// An end of a range; where there is none Grafana computes with null, which is 0, or with undefined, which is NaN.
const end = (number) => encoded(number === undefined ? NaN : number ?? 0);

const shown = (display) => [
  ...formatted(display),
  encoded(display.numeric),
  hexadecimal(display.color),
  encoded(display.percent),
];

const themes = new Map(); // they never change
const theme = (dark) => {
  // A continuous mode keeps the colors of the theme that it was first used with.
  for (const mode of grafana.fieldColorModeRegistry.list()) {
    if (mode.interpolator && !/viridis|magma|plasma|inferno|cividis/.test(mode.id)) {
      mode.interpolator = undefined;
    }
  }
  const mode = dark ? 'dark' : 'light';
  if (!themes.has(mode)) {
    themes.set(mode, grafana.createTheme({ colors: { mode } }));
  }
  return themes.get(mode);
};

// Frames as a panel gets them: Grafana's loader writes -Infinity where a board has null, the rest is applyFieldOverrides.
const panelFrames = (question) =>
  grafana.applyFieldOverrides({
    data: question.frames.map((frame) => ({
      ...frame,
      length: frame.fields[0]?.values.length ?? 0,
      fields: frame.fields.map((field) => ({ ...field, config: configuration(field.config), values: field.values.map(decoded) })),
    })),
    fieldConfig: { defaults: {}, overrides: [] },
    fieldConfigRegistry: new grafana.Registry(() => []),
    replaceVariables: (text) => text,
    theme: theme(question.dark),
    timeZone: 'utc',
  });
const configuration = (config = {}) => {
  const copy = structuredClone(config);
  for (const step of copy.thresholds?.steps ?? []) {
    step.value = step.value ?? -Infinity;
  }
  return copy;
};

const ANSWERS = {
  // Of each field: its name, index, range, color as a series, and its values.
  frames: (question) => {
    const frames = panelFrames(question);
    grafana.cacheFieldDisplayNames(frames);
    return frames.flatMap((frame) =>
      frame.fields.map((field) => ({
        name: grafana.getFieldDisplayName(field, frame, frames),
        index: field.state.seriesIndex,
        range: field.state.range ? [end(field.state.range.min), end(field.state.range.max)] : null,
        color: hexadecimal(grafana.getFieldSeriesColor(field, theme(question.dark)).color),
        values: field.values.map((value) => shown(field.display(value))),
      }))
    );
  },

  // What a stat shows: titles and values.
  shown: (question) => {
    const frames = panelFrames(question);
    const values = grafana.getFieldDisplayValues({
      fieldConfig: { defaults: configuration(question.defaults), overrides: question.overrides ?? [] },
      reduceOptions: question.reduceOptions,
      replaceVariables: (text) => text,
      theme: theme(question.dark),
      data: frames,
      timeZone: 'utc',
      sparkline: true,
      percentChange: true,
    });
    return values.map((value) => [
      value.display.title ?? '',
      shown(value.display),
      value.rowIndex ?? null,
      value.rowIndex === undefined ? value.name : '',
      encoded(value.display.percentChange),
    ]);
  },

  // Each series of a graph: its color, and the calculations of its legend (getDisplayValuesForCalcs of @grafana/ui).
  legend: (question) => {
    const frames = panelFrames(question);
    grafana.cacheFieldDisplayNames(frames);
    let seriesIndex = 0;
    return frames
      .filter((frame) => frame.fields.some(({ type }) => type === 'time') && frame.fields.some(({ type }) => type === 'number'))
      .flatMap((frame) =>
        frame.fields.flatMap((original, position) => {
          if (original.type !== 'number') {
            return [];
          }
          const state = { ...original.state, calcs: undefined };
          const values = original.values.map((value) => (Number.isFinite(value) ? value : null));
          const field = { ...original, values, state };
          if (position > 0) {
            state.seriesIndex = seriesIndex++;
          }
          const calcs = grafana.reduceField({ field, reducers: question.calcs });
          const inUnit = { diffperc: 'percent', count: 'none', changeCount: 'none', distinctCount: 'none' };
          return [
            [
              grafana.getFieldDisplayName(original, frame, frames),
              hexadecimal(grafana.getFieldSeriesColor(field, theme(question.dark)).color),
              question.calcs.map((calc) => {
                const config = { ...field.config, unit: inUnit[calc] ?? field.config.unit };
                const display = grafana.getDisplayProcessor({ field: { ...field, config }, theme: theme(question.dark), timeZone: 'utc' });
                return [grafana.fieldReducers.get(calc).name, shown(display(calcs[calc]))];
              }),
            ],
          ];
        })
      );
  },

  // Texts in the order of a table's or a legend's column.
  collated: ({ texts }) => [...texts].sort(new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare),

  // The first field's values as an axis with so many decimals shows them.
  axis: (question) => {
    const [frame] = panelFrames(question);
    return frame.fields[0].values.map((value) => formatted(frame.fields[0].display(value, question.decimals)).join('|'));
  },

  // Colors by name.
  colors: ({ names, dark }) => names.map((name) => hexadecimal(theme(dark).visualization.getColorByName(name))),

  // The colors of d3's schemes, each at `count` positions from 0 to 1.
  schemes: ({ names, count }) => {
    const d3 = requireFrom('d3-scale-chromatic');
    return names.map((name) =>
      Array.from({ length: count }, (_, index) => hexadecimal(d3[`interpolate${name}`](index / (count - 1))))
    );
  },

  // The Unix seconds of times such as now-6h, null for what is no time.
  times: ({ texts, roundUp, fiscalMonth, now }) =>
    texts.map((text) => {
      const time = grafana.dateMath.toDateTime(text, { roundUp, timezone: 'utc', fiscalYearStartMonth: fiscalMonth, now });
      return time?.isValid() ? time.valueOf() / 1000 : null;
    }),

  // The interval of a panel's points, as text and in milliseconds.
  intervals: ({ ranges }) =>
    ranges.map(([from, to, points, lowest]) => {
      const range = { from: grafana.dateTime(from * 1000), to: grafana.dateTime(to * 1000) };
      const { interval, intervalMs } = grafana.rangeUtil.calculateInterval(range, points, lowest);
      return [interval, intervalMs];
    }),

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

Object.assign(ANSWERS, require('./transform.cjs')(grafana, decoded, encoded));

const asked = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
print(JSON.stringify(asked.map((question) => ANSWERS[question.ask](question))));
