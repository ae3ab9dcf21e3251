job "shop" {
  group "api" {
    network {
      mode = "bridge"
      port "http" {
        to = 8080
      }
    }

    service {
      name = "cart"
      port = "http"
      tags = ["v1", "blue"]

      meta {
        team = "red"
      }

      check {
        name     = "well"
        type     = "http"
        path     = "/health"
        interval = "10s"
        timeout  = "2s"
      }
    }
  }
}
