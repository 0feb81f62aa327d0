// What a page does by itself and this window must not: a link, a form or a dropped file would put something else in its
// place, with every bound method in reach.

function stopLink(event: Event) {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('a[href], area[href]')) event.preventDefault();
}

function stop(event: Event) {
  event.preventDefault();
}

// A drop zone takes what is dropped on it by preventing the default itself; everywhere else nothing can be dropped.
function stopDrag(event: DragEvent) {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'none';
}

/** guardWindow keeps the window from being led away, until the returned function is called. */
export function guardWindow(): () => void {
  window.addEventListener('click', stopLink, true);
  window.addEventListener('auxclick', stopLink, true);
  window.addEventListener('submit', stop);
  window.addEventListener('dragover', stopDrag);
  window.addEventListener('drop', stopDrag);
  return () => {
    window.removeEventListener('click', stopLink, true);
    window.removeEventListener('auxclick', stopLink, true);
    window.removeEventListener('submit', stop);
    window.removeEventListener('dragover', stopDrag);
    window.removeEventListener('drop', stopDrag);
  };
}
