/** Goes to a part of the page, and gives it the focus, so that the keys go on from there. The address keeps what it says about time. */
export function goToSection(id: string): void {
  const section = document.getElementById(id);
  if (!section) return;
  section.scrollIntoView();
  section.tabIndex = -1;
  section.focus({ preventScroll: true });
}
