// Answers about data frames. A number that JSON does not have is {"number": "NaN"}, "Infinity" or "-Infinity" in it;
// what JavaScript calls undefined is null.
module.exports = (grafana) => {
  grafana.standardTransformersRegistry.setInit(() =>
    Object.values(grafana.standardTransformers)
      .filter((transformation, index, all) => all.indexOf(transformation) === index)
      .map((transformation) => ({ ...transformation, transformation }))
  );

  const read = (value) => (value && typeof value === 'object' && 'number' in value ? Number(value.number) : value);
  const written = (value) => {
    if (Array.isArray(value)) {
      return value.map(written);
    }
    return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value ?? null;
  };
  const readField = (field) => ({ config: {}, ...field, values: field.values.map(read) });
  const readFrames = (frames) =>
    frames.map((frame) => ({
      ...frame,
      fields: frame.fields.map(readField),
      length: frame.fields[0]?.values.length ?? 0,
    }));
  const names = (frames) => {
    // A name that was worked out before is forgotten, as it is before a panel draws the frames.
    const fresh = frames.map((frame) => ({ ...frame, fields: frame.fields.map((field) => ({ ...field, state: {} })) }));
    return fresh.map((frame) => frame.fields.map((field) => grafana.getFieldDisplayName(field, frame, fresh)));
  };
  const writtenFrames = (frames) => {
    const shown = names(frames);
    return frames.map((frame, index) => ({
      refId: frame.refId ?? '',
      name: frame.name ?? '',
      fields: frame.fields.map((field, position) => ({
        name: field.name,
        shown: shown[index][position],
        type: field.type,
        labels: field.labels ?? {},
        values: Array.from(field.values, written),
      })),
    }));
  };

  return {
    // A field's values reduced: one answer a reducer.
    reduce: ({ type, values, reducers }) =>
      reducers.map((id) => written(grafana.reduceField({ field: readField({ name: 'x', type, values }), reducers: [id] })[id])),

    // What the reducers are called.
    reducers: () => grafana.fieldReducers.list().map(({ id, name }) => [id, name]),

    // Frames after transformations, or the error.
    transform: ({ frames, transformations }) => {
      let answer;
      try {
        grafana
          .transformDataFrame(transformations, readFrames(frames), { interpolate: (text) => text })
          .subscribe({ next: (result) => (answer = writtenFrames(result)), error: (error) => (answer = { error: error.message }) });
      } catch (error) {
        answer = { error: error.message };
      }
      return answer;
    },

    // The names of the fields of frames.
    names: ({ frames }) => names(readFrames(frames)),

    // For each matcher, which fields it is for.
    match: ({ frames, matchers }) => {
      const data = readFrames(frames);
      return matchers.map((matcher) => {
        const matches = grafana.getFieldMatcher(matcher);
        return data.map((frame) => frame.fields.map((field) => Boolean(matches(field, frame, data))));
      });
    },

    // A frame with nulls where values are missing.
    gaps: ({ frames, from, to }) =>
      writtenFrames(
        readFrames(frames).map((frame) =>
          grafana.applyNullInsertThreshold({ frame, refFieldPseudoMin: from, refFieldPseudoMax: to })
        )
      ),
  };
};
