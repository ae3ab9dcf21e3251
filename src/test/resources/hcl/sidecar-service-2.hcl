  connect {
    sidecar_service {}
  }
