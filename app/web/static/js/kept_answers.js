/* Unsent answers in this browser, encrypted: what lies in its storage tells nothing without a page of ours.

   Each open page writes to a slot of its own and holds a lock of the same name, so that two pages never
   overwrite each other; when a page is gone, the next one takes over what it left. */

const NONCE_LENGTH = 12;
const encode = (bytes) => btoa(String.fromCharCode(...bytes));
const decode = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const unmask = (bytes) => bytes.subarray(bytes.length / 2).map((byte, place) => byte ^ bytes[place]);

/* Where a browser cannot encrypt (a page that did not come over TLS), and where there is no key (a device that
   others use too), nothing is kept: the answer is null. */
export async function openKeptAnswers(name, secret) {
  try {
    if (!name || !secret || !crypto.subtle) return null;
    const key = await crypto.subtle.importKey("raw", unmask(decode(secret)), "AES-GCM", false, ["encrypt", "decrypt"]);
    return new KeptAnswers(`castalia:${name}:`, key, localStorage);
  } catch {
    return null;
  }
}

class KeptAnswers {
  #prefix;
  #slot;
  #key;
  #storage;
  #writing = Promise.resolve(true);

  constructor(prefix, key, storage) {
    this.#prefix = prefix;
    this.#slot = prefix + encode(crypto.getRandomValues(new Uint8Array(9)));
    this.#key = key;
    this.#storage = storage;
    navigator.locks?.request(this.#slot, () => new Promise(() => {}));
    this.#forgetOtherRounds();
  }

  /* Replaces what this page keeps; tells whether it is kept now. */
  write(answers) {
    const text = answers.length ? JSON.stringify(answers) : "";
    this.#writing = this.#writing.then(() => this.#put(text)).catch(() => false);
    return this.#writing;
  }

  /* Hands over what pages that are gone have left: at once, or as soon as they are gone. */
  takeOver(receive) {
    for (const slot of this.#slots(this.#prefix)) {
      if (slot === this.#slot) continue;
      const take = () => this.#take(slot, receive);
      if (navigator.locks) navigator.locks.request(slot, take);
      else take();
    }
  }

  async #take(slot, receive) {
    const sealed = this.#storage.getItem(slot);
    if (!sealed) return;
    const answers = await this.#unseal(sealed).catch(() => []); // sealed with a key that is no more
    if (await receive(answers)) this.#storage.removeItem(slot);
  }

  async #put(text) {
    if (text) this.#storage.setItem(this.#slot, await this.#seal(text));
    else this.#storage.removeItem(this.#slot);
    return true;
  }

  async #seal(text) {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, this.#key, new TextEncoder().encode(text));
    return `${encode(nonce)}.${encode(new Uint8Array(sealed))}`;
  }

  async #unseal(text) {
    const [nonce, sealed] = text.split(".").map(decode);
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, this.#key, sealed);
    return JSON.parse(new TextDecoder().decode(opened));
  }

  #slots(start) {
    return Object.keys(this.#storage).filter((name) => name.startsWith(start));
  }

  /* Answers of a round before can no longer count. */
  #forgetOtherRounds() {
    const person = this.#prefix.slice(0, this.#prefix.indexOf(".") + 1);
    for (const slot of this.#slots(person)) {
      if (!slot.startsWith(this.#prefix)) this.#storage.removeItem(slot);
    }
  }
}
