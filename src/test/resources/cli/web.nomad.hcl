job "web" {
  datacenters = ["dc1"]

  group "front" {
    network {
      mode = "bridge"

      port "http" {
        static = 25080
        to     = 25080
      }

      port "side" {
        static = 25081
        to     = 25081
      }
    }

    service {
      name = "web"
      port = "http"
      tags = ["blue"]

      check {
        type     = "http"
        path     = "/health"
        interval = "10s"
        timeout  = "2s"

        header {
          Authorization = ["Basic c2VjcmV0"]
        }
      }

      connect {
        sidecar_service {
          port = "side"
        }
      }
    }

    service {
      name = "admin"
      port = "25090"
    }
  }
}
