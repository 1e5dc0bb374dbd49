const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a venue's number is a time at all: a date reaches no further. */
export const isTime = (at: number): boolean => at > 0 && at <= 8.64e15;

/** When an order was made, in the language and the time zone of the page's reader; empty where that is not known. */
export function timeText(at: number, lang: string): string {
  if (!isTime(at)) return '';
  let format = formats.get(lang);
  if (format === undefined) {
    const options = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    try {
      format = new Intl.DateTimeFormat(lang, options);
    } catch {
      // As with numbers: a page may carry a `lang` that is no language tag.
      format = new Intl.DateTimeFormat('en', options);
    }
    formats.set(lang, format);
  }
  return format.format(at);
}
