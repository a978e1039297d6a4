// A link that leads to a fold, or to a place in one, opens it. Without a script it leads to the fold's title.
// Paper has no folds: all are open while a page is printed.
(() => {
  const foldOf = (place) => {
    // The old name of a fold stands before it, in an empty element.
    while (place?.matches("span:empty") && !place.closest("details")) place = place.nextElementSibling;
    return place?.closest("details") ?? null;
  };
  const open = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const found = foldOf(place);
    for (let fold = found; fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (found) (place.matches("span:empty") ? found : place).scrollIntoView();
  };
  addEventListener("hashchange", open);

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".bd-article details.sd-dropdown:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
  });
  open();
})();
