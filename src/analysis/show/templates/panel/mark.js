const mark = event.target.closest('[data-item]');
if (mark && (event.type === 'click' || event.key === 'Enter' || event.key === ' ')) {
  event.preventDefault();
  const panel = mark.closest('.analysis-panel');
  const list = panel.querySelector('.analysis-item select');
  list.selectedIndex = Number(mark.dataset.item);
  list.dispatchEvent(new Event('change', { bubbles: true }));
  const card = panel.querySelector('.analysis-item');
  card.style.scrollMarginTop = panel.querySelector('.analysis-chart').offsetHeight + 'px';
  card.scrollIntoView({ block: 'start' });
}
