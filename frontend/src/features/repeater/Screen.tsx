export default function Screen() {
  return <main>repeater</main>;
}
