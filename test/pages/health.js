/* The first script of each strict page: what went wrong since, as sentences, in `window.health`. */
(() => {
  const health = (window.health = []);
  addEventListener('securitypolicyviolation', (event) => {
    health.push(`csp: ${event.violatedDirective} refused ${event.blockedURI || event.sample}`);
  });
  addEventListener('error', (event) => health.push(`error: ${event.message}`));
  addEventListener('unhandledrejection', (event) => health.push(`rejection: ${event.reason}`));
  for (const level of ['error', 'warn', 'log', 'info']) {
    const original = console[level];
    console[level] = (...args) => {
      health.push(`console.${level}: ${args.join(' ')}`);
      original.apply(console, args);
    };
  }
  const supported = PerformanceObserver.supportedEntryTypes.includes('layout-shift');
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const moved = entry.sources.map(({ node, previousRect: from, currentRect: to }) => {
        const name = node?.part?.value || node?.className || node?.nodeName || 'a node of a shadow tree';
        return `${name} from ${from.x},${from.y} ${from.width}x${from.height} to ${to.x},${to.y} ${to.width}x${to.height}`;
      });
      health.push(`layout shift: ${entry.value.toFixed(4)}: ${moved.join('; ')}`);
    }
  });
  if (supported) observer.observe({ type: 'layout-shift', buffered: true });
})();
