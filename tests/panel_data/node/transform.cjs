// Answers about frames before a panel gets them: reductions, transformations, matchers, missing values.
module.exports = (grafana, decoded, encoded) => {
  grafana.standardTransformersRegistry.setInit(() =>
    [...new Set(Object.values(grafana.standardTransformers))].map((transformation) => ({ ...transformation, transformation }))
  );

  const written = (value) => (Array.isArray(value) ? value.map(encoded) : encoded(value));
  const read = (frames) =>
    frames.map((frame) => ({
      ...frame,
      fields: frame.fields.map((field) => ({ config: {}, ...field, values: field.values.map(decoded) })),
      length: frame.fields[0]?.values.length ?? 0,
    }));
  // A name that was worked out before is forgotten, as it is before a panel draws the frames.
  const forgotten = (frames) =>
    frames.map((frame) => ({ ...frame, fields: frame.fields.map((field) => ({ ...field, state: {} })) }));
  const answer = (frames) =>
    forgotten(frames).map((frame, _, all) => ({
      refId: frame.refId ?? '',
      name: frame.name ?? '',
      fields: frame.fields.map((field) => ({
        name: field.name,
        shown: grafana.getFieldDisplayName(field, frame, all),
        type: field.type,
        labels: field.labels ?? {},
        values: Array.from(field.values, written),
      })),
    }));

  return {
    // A field's values reduced, by the reducer's id.
    reduce: ({ field, reducers }) =>
      reducers.map((id) => written(grafana.reduceField({ field: read([{ fields: [field] }])[0].fields[0], reducers: [id] })[id])),

    // What the reducers are called.
    reducers: () => grafana.fieldReducers.list().map(({ id, name }) => [id, name]),

    // Frames after transformations; a text where Grafana refuses one.
    transform: ({ frames, transformations }) => {
      let result;
      const next = (after) => (result = answer(after));
      const error = () => (result = 'refused');
      try {
        grafana.transformDataFrame(transformations, read(frames), { interpolate: (text) => text }).subscribe({ next, error });
      } catch {
        error();
      }
      return result;
    },

    // The fields that each matcher is for, by frame.
    match: ({ frames, matchers }) =>
      matchers.map((matcher) => {
        const data = forgotten(read(frames));
        const matches = grafana.getFieldMatcher(matcher);
        return data.map((frame) => frame.fields.map((field) => Boolean(matches(field, frame, data))));
      }),

    // Frames with null where values are missing.
    gaps: ({ frames, from, to }) =>
      answer(read(frames).map((frame) => grafana.applyNullInsertThreshold({ frame, refFieldPseudoMin: from, refFieldPseudoMax: to }))),
  };
};
