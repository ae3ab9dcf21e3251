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

      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "db"
              local_bind_port  = 5432
            }
          }
        }
      }
    }

    service {
      name = "about"
      port = "9001"
    }
  }
}
