SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#api",
    deepLinking: true,
    displayRequestDuration: true,
    filter: true,
    // Nothing is asked of any other server.
    validatorUrl: null,
});
