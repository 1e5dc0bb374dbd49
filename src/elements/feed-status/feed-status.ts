import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { StreamController } from '../../context/stream-controller.js';
import { addressWish } from '../../context/stream-wish.js';
import type { MarketStream } from '../../stream/market-stream.js';
import { frame } from '../internal/frame.styles.js';
import { readLoading } from '../internal/loading.js';
import { Locale } from '../internal/locale.js';
import { tokens } from '../internal/tokens.styles.js';
import { formatDuration, formatText } from '../internal/format.js';
import { ViewStates } from '../internal/view-states.js';
import { warnTextOnce } from '../internal/warn.js';
import { FeedReconnectEvent } from './feed-status.events.js';
import { detailStyles, FeedDetail } from './feed-detail.js';
import { styles } from './feed-status.styles.js';
import { summarise, type FeedSummary } from './feed-summary.js';

export type {} from '../event-map.js';

/**
 * One quiet line about the feed: its state as a word, a shape and a colour; why; what is being done about it; the rate
 * and the age of the data; and a button to try at once.
 *
 * @summary State, rate and age of a feed, with a button to reconnect.
 * @tag feed-status
 *
 * @example
 * <market-stream src="wss://feed.example/ws/market/">
 *   <feed-status symbol="SCOM"></feed-status>
 * </market-stream>
 *
 * @fires {FeedReconnectEvent} feed-reconnect - The button was pressed. Cancel it to keep the stream from reconnecting by itself.
 *
 * @csspart state - The word of the state.
 * @csspart reason - Why it is so, and what is being done.
 * @csspart metrics - Rate and age.
 * @csspart detail - The further figures.
 * @csspart waterfall - Where the time goes from the feed to the screen, in the further figures.
 * @csspart reconnect - The button.
 * @csspart record - The button that saves the last minute of the feed, in the detail.
 *
 * @cssprop [--tl-surface] - Background.
 * @cssprop [--tl-raised] - Background of the button.
 * @cssprop [--tl-line] - Thin lines.
 * @cssprop [--tl-text] - Text.
 * @cssprop [--tl-muted] - Quiet text.
 * @cssprop [--tl-up] - Colour of a good state.
 * @cssprop [--tl-warn] - Colour of doubt.
 * @cssprop [--tl-accent] - Focus.
 * @cssprop [--tl-radius=12px] - Corner radius.
 * @cssprop [--tl-pad=14px] - Inner distance at the inline edges.
 * @cssprop [--tl-font-size=14px] - Font size, which all others and the heights follow.
 *
 * @cssstate live - The feed is good.
 * @cssstate quiet - The link is good and the market has no news.
 * @cssstate delayed - The feed sends old data.
 * @cssstate stale - The numbers may be behind.
 * @cssstate resyncing - A book is being fetched anew.
 * @cssstate crossed - A book is crossed.
 * @cssstate closed - The market is closed or halted.
 * @cssstate disconnected - There is no connection.
 * @cssstate error - There is no feed on this page.
 */
export class FeedStatusElement extends LitElement {
  static override styles = [tokens, frame, styles, detailStyles];

  /** Judges this symbol too, and shows the age of its data; default: the connection alone. */
  @property() symbol = '';
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  @property() src = '';
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  @property() venue = '';
  /** Shows the further figures: where the time goes from the feed to the screen, and all that is counted. */
  @property({ type: Boolean, reflect: true }) detail = false;
  /**
   * When it asks for its feed. `auto`: at once, until nobody has seen it for 30 s, in a hidden tab or out of the viewport.
   * `lazy`: not before it is within a screen of the viewport, then as `auto`. `eager`: at once and for good.
   */
  @property() loading: 'auto' | 'lazy' | 'eager' = 'auto';
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  @property({ reflect: true }) theme = '';
  /** Inner distances: `comfortable` or `compact`. */
  @property({ reflect: true }) density: 'comfortable' | 'compact' = 'comfortable';
  /** A stream made by script; it wins over `src` and over a provider. */
  @property({ attribute: false }) stream: MarketStream | undefined;

  readonly #states = new ViewStates(this.attachInternals());
  readonly #locale = new Locale(this);
  readonly #feed = new StreamController(this, {
    source: () => ({ stream: this.stream, options: addressWish(this.src, this.venue) }),
    // Four times a second at most: what stands here is read by people.
    select: (stream) => [stream.status, Math.floor(stream.now() / 250)],
    sight: { loading: () => readLoading(this, this.loading) },
  });

  readonly #detail = new FeedDetail(this);

  protected override willUpdate(): void {
    this.#feed.refresh();
    if (this.#feed.isMissing) warnTextOnce('<feed-status>: no feed. Put it inside <market-stream>, or give it a src.');
  }

  protected override render(): TemplateResult {
    const { lang } = this.#locale;
    const { stream } = this.#feed;
    const summary = summarise(stream, this.symbol, this.#feed.isAsleep);
    return html`<div class="frame">
      <div class="line ${summary.tone}">
        <span class="mark"></span>
        <span class="state" part="state" role="status">${summary.word}</span>
        <span class="why" part="reason" dir="auto">${this.#feed.isMissing ? 'no feed on this page' : summary.why}</span>
        <button part="reconnect" ?disabled=${!summary.canReconnect} @click=${this.#askToReconnect}>Reconnect</button>
        ${this.#mainFigures(summary, lang)}
      </div>
      ${this.detail ? this.#detail.render(stream, lang) : nothing}
    </div>`;
  }

  protected override updated(): void {
    const { stream } = this.#feed;
    this.#states.set(this.#feed.isMissing ? ['error'] : [summarise(stream, this.symbol, this.#feed.isAsleep).state]);
  }

  #mainFigures(summary: FeedSummary, lang: string): TemplateResult {
    const metrics = this.#feed.stream?.metrics();
    const age = summary.ageMs === undefined ? '—' : formatDuration(summary.ageMs, lang);
    return html`<dl class="main" part="metrics">
      <div>
        <dt>Rate</dt>
        <dd .textContent=${`${formatText(String(Math.round(metrics?.dataRate ?? 0)), lang)}/s`}></dd>
      </div>
      <div>
        <dt>Age</dt>
        <dd .textContent=${age}></dd>
      </div>
    </dl>`;
  }

  readonly #askToReconnect = (): void => {
    if (this.dispatchEvent(new FeedReconnectEvent())) this.#feed.stream?.reconnect();
  };
}
