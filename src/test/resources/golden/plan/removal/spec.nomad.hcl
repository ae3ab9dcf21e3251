job "shop" {
  group "api" {
    network {
      mode = "bridge"
      port "http" {
        to = 8080
      }
    }

    service {
      name = "about"
      port = "9001"
    }
  }
}
