/** A drawing that is repeated when its data moves, but only while it can be seen. */
export interface Drawing {
  readonly element: Element;
  /** `forced` is false for a mere tick: a drawing that would look the same may skip it. */
  draw(forced: boolean): void;
}

/** Draws what is visible, at most once a frame. */
export interface Redraws {
  /** Adds a drawing; the returned function takes it away. */
  add(drawing: Drawing): () => void;
  /** Draws everything visible in the next frame. */
  request(forced: boolean): void;
}

/** Pixels below and above the screen within which a drawing counts as visible, so that scrolling shows no stale one. */
const MARGIN = '200px';

/** Redraws of this page. A hidden tab draws nothing, as browsers give it no frames. */
export function createRedraws(): Redraws {
  const drawings = new Map<Element, Drawing>();
  const visible = new Set<Drawing>();
  let requested = false;
  let force = false;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const drawing = drawings.get(entry.target);
        if (!drawing) continue;
        if (entry.isIntersecting) {
          visible.add(drawing);
          drawing.draw(true);
        } else {
          visible.delete(drawing);
        }
      }
    },
    { rootMargin: MARGIN },
  );
  const frame = (): void => {
    requested = false;
    const forced = force;
    force = false;
    for (const drawing of visible) drawing.draw(forced);
  };
  return {
    add(drawing) {
      drawings.set(drawing.element, drawing);
      observer.observe(drawing.element);
      return () => {
        observer.unobserve(drawing.element);
        drawings.delete(drawing.element);
        visible.delete(drawing);
      };
    },
    request(forced) {
      force ||= forced;
      if (requested) return;
      requested = true;
      requestAnimationFrame(frame);
    },
  };
}
