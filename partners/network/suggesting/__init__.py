"""Changes that members suggest to public texts about themselves and their projects."""
