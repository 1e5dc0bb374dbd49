/** Takes out the notes that minifiers leave for a bundler: a file for a script tag is at its journey's end. */
const NOTE = /\/\* @__PURE__ \*\//g;

export const withoutNotes = () => ({
  name: 'touchline:without-notes',
  renderChunk: { order: 'post', handler: (code) => ({ code: code.replace(NOTE, ''), map: null }) },
});
