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
      tags = ["v2"]

      meta {
        tier = "edge"
      }

      check {
        name     = "healthy"
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
              local_bind_port  = 5433
            }
          }
        }
      }
    }
  }
}
