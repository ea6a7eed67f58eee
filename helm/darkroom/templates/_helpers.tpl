{{/* The name of everything that belongs to the release. */}}
{{- define "darkroom.name" -}}
{{- if contains "darkroom" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-darkroom" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What selects the operator's pods. Never changes: a Deployment's selector can't. */}}
{{- define "darkroom.selector" -}}
app.kubernetes.io/name: darkroom
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "darkroom.labels" -}}
{{ include "darkroom.selector" . }}
app.kubernetes.io/part-of: darkroom
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end -}}

{{- define "darkroom.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "darkroom.name" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "darkroom.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Of (list root store): the name of what is made for a store. */}}
{{- define "darkroom.storeObject" -}}
{{- printf "%s-store-%s" (include "darkroom.name" (index . 0)) (index . 1) -}}
{{- end -}}

{{/* Where the volume of a store is mounted. */}}
{{- define "darkroom.storePath" -}}
/var/lib/darkroom/stores/{{ . }}
{{- end -}}

{{/* Of a store's values: the annotation that lets an uninstall pass over it. */}}
{{- define "darkroom.keep" -}}
{{- if ne (toString .keep) "false" }}
annotations:
  helm.sh/resource-policy: keep
{{- end }}
{{- end -}}
