/* Passkeys: what the server asks goes to the browser, what the device answers goes into the form. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-passkey]");
  const able = window.PublicKeyCredential && navigator.credentials;
  if (!form || !able) return;

  const options = JSON.parse(document.getElementById("passkey-options").textContent);
  const failed = form.querySelector("[data-passkey-failed]");

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  const withBytes = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  function create(asked) {
    return navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: withBytes(asked.excludeCredentials),
      },
    });
  }

  function get(asked) {
    return navigator.credentials.get({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        allowCredentials: withBytes(asked.allowCredentials),
      },
    });
  }

  function asJson(key) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[name]) response[name] = text(key.response[name]);
    }
    if (key.response.getTransports) response.transports = key.response.getTransports();
    return JSON.stringify({
      id: key.id,
      rawId: text(key.rawId),
      type: key.type,
      response,
      clientExtensionResults: key.getClientExtensionResults(),
    });
  }

  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const key = options.creation_options
        ? await create(options.creation_options.publicKey)
        : await get(options.request_options.publicKey);
      form.elements.credential.value = asJson(key);
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
})();
