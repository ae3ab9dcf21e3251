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

      check {
        type     = "http"
        path     = "/health"
        method   = "POST"
        body     = "let me in"
        interval = "10s"
        timeout  = "2s"

        header {
          Authorization = ["Basic Zm9vOmJhcg=="]
        }
      }
    }
  }
}
