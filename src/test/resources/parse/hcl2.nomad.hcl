# Everything that HCL2 offers, in one job.
variable "datacenters" {
  type        = list(string)
  default     = ["dc1"]
  description = "Where it may run."
}

variable "image" {
  type    = object({ name = string, tag = string })
  default = { name = "shop/api", tag = "1.0" }
}

variable "replicas" {
  default = 1

  validation {
    condition     = var.replicas > 0 && var.replicas <= 10
    error_message = "One to ten replicas."
  }
}

variable "upstreams" {
  type    = map(number)
  default = {}
}

variables {
  owner = "shop"
  debug = false
}

locals {
  ports = {
    http  = 8080
    admin = 9090
  }
  name  = lower("${var.owner}-API")
  image = join(":", [var.image.name, var.image.tag])
}

locals {
  tags = concat(
    [for name, port in local.ports : "${name}=${port}" if port > 8080],
    [format("v%s", var.image.tag), "alloc-${NOMAD_ALLOC_INDEX}"],
  )
}

job "shop" {
  datacenters = var.datacenters

  meta {
    owner   = title(var.owner)
    summary = <<-EOT
      ports:%{ for name in keys(local.ports) } ${name}%{ endfor }
    EOT
  }

  group "api" {
    count = var.replicas

    network {
      mode = "bridge"

      dynamic "port" {
        for_each = local.ports
        labels   = [port.key]

        content {
          to = port.value
        }
      }
    }

    dynamic "service" {
      for_each = [for name, port in local.ports : { name = name, port = port }]
      iterator = it

      content {
        name = "${local.name}-${it.value.name}"
        port = it.value.port
        tags = distinct(concat(local.tags, ["n${it.key}"]))

        connect {
          sidecar_service {
            proxy {
              dynamic "upstreams" {
                for_each = var.upstreams

                content {
                  destination_name = upstreams.key
                  local_bind_port  = upstreams.value + it.key
                }
              }

              config {
                protocol = var.debug ? "tcp" : "http"
                image    = local.image
              }
            }
          }
        }
      }
    }

    task "web" {
      driver = "docker"

      env = {
        ALLOC = "${NOMAD_ALLOC_ID}"
        HOST  = "%{ if var.debug }debug.%{ endif }${attr.unique.hostname}"
      }

      config {
        image = local.image
        ports = keys(local.ports)
      }
    }
  }
}
